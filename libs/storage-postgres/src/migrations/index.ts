import { objectsAndLog } from './0001-objects-and-log';
import { timeAndChecksums } from './0002-time-and-checksums';
import { identity } from './0003-identity';
import { house } from './0004-house';

/** Forward only: an entry is never changed once it has been released. Number n of the list, from 1, makes version n. */
export const migrations: readonly string[] = [objectsAndLog, timeAndChecksums, identity, house];
