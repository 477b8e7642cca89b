import { StatusError, type StatusReason } from '@kubephant/api';

const reasons: Readonly<Record<string, StatusReason>> = {
  ENOENT: 'NotFound',
  ENOTDIR: 'NotFound',
  EEXIST: 'AlreadyExists',
  EACCES: 'Forbidden',
  EPERM: 'Forbidden',
  ELOOP: 'Forbidden',
  EBUSY: 'Conflict',
};

/** The error code of a failed system call; empty for any other error. */
export function errorCode(err: unknown): string {
  return typeof err === 'object' && err !== null && 'code' in err ? String(err.code) : '';
}

/** Runs a system call and turns its error into a StatusError. */
export async function mapped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (err) {
    if (err instanceof StatusError) throw err;
    const message = err instanceof Error ? err.message : String(err);
    throw new StatusError(reasons[errorCode(err)] ?? 'InternalError', message, undefined, { cause: err });
  }
}

/** Undefined where there is nothing at the path. */
export async function ifExists<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (err) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(err))) return undefined;
    throw err;
  }
}
