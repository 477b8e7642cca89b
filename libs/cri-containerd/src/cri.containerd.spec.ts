import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aContainer, aSandbox, runtimeSuite } from '@kubephant/node/testing';
import { startOwnContainerd, type OwnContainerd } from './testing/own-containerd';
import { newStreamDialer } from './streaming/stream-dialer';

jest.setTimeout(60_000);

describe('containerd', () => {
  let containerd: OwnContainerd;

  runtimeSuite(async () => {
    containerd = await startOwnContainerd();
    return {
      ...containerd.cri,
      dialStream: newStreamDialer(),
      image: containerd.image,
      logRoot: join(containerd.dir, 'logs'),
      readLog: (path) => readFile(path, 'utf8'),
      close: () => containerd.stop(),
    };
  });

  it('carries connections to a port of a pod', async () => {
    const { signal } = new AbortController();
    const { runtime } = containerd.cri;
    const sandbox = aSandbox(join(containerd.dir, 'logs'));
    const sandboxId = await runtime.runPodSandbox(sandbox, '', signal);
    const id = await runtime.createContainer(
      sandboxId,
      aContainer(containerd.image, 'nc -l -p 7000 -e cat'),
      sandbox,
      signal,
    );
    await runtime.startContainer(id, signal);
    // 7000 is 1B58 in the kernel's table of sockets.
    const listens = (): Promise<{ exitCode: number }> =>
      runtime.execSync(id, ['grep', '-q', ':1B58 ', '/proc/net/tcp', '/proc/net/tcp6'], 5000, signal);
    while ((await listens()).exitCode !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const dial = async (port: number) =>
      newStreamDialer()(await runtime.portForward(sandboxId, port, signal), [], signal);
    const socket = await dial(7000);
    await socket.send(Buffer.from('\0there and back'));
    const seen: string[] = [];
    for await (const message of socket.messages) {
      seen.push(message.toString('latin1'));
      // nc ends when its input does.
      if (seen.length === 1) await socket.send(Buffer.from([255, 0]));
    }
    expect(seen[0]).toBe('\0there and back');
    expect(seen.slice(1).toSorted()).toEqual(['\xff\0', '\xff\x01']);
    const nobody = await dial(7001);
    const texts: string[] = [];
    for await (const message of nobody.messages) if (message[0] === 1) texts.push(message.toString());
    expect(texts.join('')).toMatch(/error forwarding port 7001 to pod .*connection refused/);
    socket.close();
    await runtime.stopPodSandbox(sandboxId, signal);
    await runtime.removePodSandbox(sandboxId, signal);
  });
});
