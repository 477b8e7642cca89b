import { badRequest } from '@kubephant/api';
import { DecodeError } from '@kubephant/schema';

/** Reads input of a client: what does not decode is its fault, told after `prefix`. */
export function orBadRequest<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (err) {
    throw err instanceof DecodeError ? badRequest(`${prefix}${err.message}`) : err;
  }
}
