import { badRequest, StatusError } from '@kubephant/api';
import { DecodeError } from '@kubephant/schema';

/** Reads input of a client: what does not decode is its fault, told after `prefix`. */
export function orBadRequest<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (err) {
    throw err instanceof DecodeError ? badRequest(`${prefix}${err.message}`) : err;
  }
}

/** 415: what the endpoint takes is none of what the body is. */
export function unknownFormat(accepted: readonly string[], details?: object): StatusError {
  const message = 'the body of the request was in an unknown format - accepted media types include: ';
  return new StatusError('UnsupportedMediaType', message + accepted.join(', '), details);
}
