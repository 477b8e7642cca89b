import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runtimeSuite } from '@kubephant/node/testing';
import { startOwnContainerd } from './testing/own-containerd';
import { newStreamDialer } from './streaming/stream-dialer';

jest.setTimeout(60_000);

describe('containerd', () => {
  runtimeSuite(async () => {
    const containerd = await startOwnContainerd();
    return {
      ...containerd.cri,
      dialStream: newStreamDialer(),
      image: containerd.image,
      logRoot: join(containerd.dir, 'logs'),
      readLog: (path) => readFile(path, 'utf8'),
      close: () => containerd.stop(),
    };
  });
});
