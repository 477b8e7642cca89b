/** The input is not of the form. The message is upstream's, without the words about kind and version before it. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
