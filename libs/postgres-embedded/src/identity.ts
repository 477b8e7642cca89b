import { chown, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/** As whom a server runs: PostgreSQL refuses to be root. */
export interface Identity {
  /** Put before the command. */
  readonly wrapper: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** Makes a directory its own. */
  own(dir: string): Promise<void>;
}

const nobody = 65534;

/**
 * Whoever we are, unless that is root: then nobody, if nobody can reach every path; else root that looks like nobody to
 * itself (a user namespace), because a directory such as /root lets nobody else through.
 */
export async function chooseIdentity(paths: readonly string[]): Promise<Identity> {
  if (userInfo().uid !== 0) return { wrapper: [], own: () => Promise.resolve() };
  if (await everyoneReaches(paths)) {
    return { wrapper: [], uid: nobody, gid: nobody, own: (dir) => chown(dir, nobody, nobody) };
  }
  const wrapper = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'];
  return { wrapper, own: (dir) => chown(dir, 0, 0) };
}

/** Whether others may pass through all directories above the paths. */
async function everyoneReaches(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    for (let dir = dirname(path); ; dir = dirname(dir)) {
      if (((await stat(dir)).mode & 0o001) === 0) return false;
      if (dir === dirname(dir)) break;
    }
  }
  return true;
}
