import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { chooseIdentity } from './identity';

const isRoot = userInfo().uid === 0;

describe('whom a server runs as', () => {
  it('is nobody when we are root and everybody can get to the paths, and else ourselves', async () => {
    const { uid, wrapper } = await chooseIdentity(['/usr/bin/env']);
    expect({ uid, wrapper }).toEqual({ uid: isRoot ? 65534 : undefined, wrapper: [] });
  });

  it('is root in the clothes of nobody when a directory on the way is closed to others', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'kpg-'));
    const { uid, wrapper } = await chooseIdentity([join(closed, 'data')]);
    expect({ uid, program: wrapper[0] }).toEqual({ uid: undefined, program: isRoot ? 'unshare' : undefined });
    await rm(closed, { recursive: true });
  });
});
