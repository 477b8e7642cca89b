import { invalidValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

/** No part of the path climbs. */
export const noBacksteps = (text: string, path: Path): Causes =>
  when(text.split('/').includes('..'), () => invalidValue(path, text, "must not contain '..'"));

/** A path below something: relative, and never climbing out of it. */
export const descending = (text: string, path: Path): Causes => [
  ...when(text.startsWith('/'), () => invalidValue(path, text, 'must be a relative path')),
  ...noBacksteps(text, path),
];

/** A descending path that does not look like the bookkeeping of atomically written volumes. */
export const descendingUnreserved = (text: string, path: Path): Causes => [
  ...descending(text, path),
  ...when(text.startsWith('..') && !text.startsWith('../'), () => invalidValue(path, text, "must not start with '..'")),
];
