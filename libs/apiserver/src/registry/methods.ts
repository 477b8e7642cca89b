import { StatusError } from '@kubephant/api';

/** 405: the path exists, the verb does not. */
export const methodNotAllowed = (): StatusError =>
  new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** 404 for a path that leads to nothing served. */
export const noSuchResource = (): StatusError =>
  new StatusError('NotFound', 'the server could not find the requested resource', {});
