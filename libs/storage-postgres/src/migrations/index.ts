import { objectsAndLog } from './0001-objects-and-log';
import { timeAndChecksums } from './0002-time-and-checksums';

/** Forward only: an entry is never changed once it has been released. Number n of the list makes version n + 1. */
export const migrations: readonly string[] = [objectsAndLog, timeAndChecksums];
