/** A copy as it would come over the wire: its own, without undefined fields. */
export function wireCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
