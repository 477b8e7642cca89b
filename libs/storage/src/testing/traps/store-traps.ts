import { readTraps } from './read-traps';
import { watchTraps } from './watch-traps';
import { writeTraps } from './write-traps';

/** The traps that any store could fall into, whatever its log is. */
export const storeTraps = [...writeTraps, ...readTraps, ...watchTraps];
