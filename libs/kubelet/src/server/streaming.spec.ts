import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { newMemoryFiles, newSimulatedRuntime, type StreamDialer, type StreamRequest } from '@kubephant/node';
import { aContainer, aSandbox } from '@kubephant/node/testing';
import type { Incoming, Reply } from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { newSpdySession, type SpdySession, type SpdyStream } from '@kubephant/spdy';
import { socketPair } from '@kubephant/spdy/testing';
import { openPortForward } from './port-forward';
import { openSession } from './sessions';

/** A request of a client of each kind: `SPDY …` or the subprotocol of a WebSocket. */
function asking(framing: string, path = '/'): Incoming {
  const [spdy, protocol = ''] = framing.split(' ');
  if (spdy !== 'SPDY') return newIncoming({ path, upgrade: [framing], upgradeTo: 'websocket' });
  const headers = { 'x-stream-protocol-version': protocol };
  return newIncoming({ method: 'POST', path, headers, upgradeTo: 'SPDY/3.1' });
}

/** Plays the client of a session that speaks SPDY. */
function spdyClient(reply: Reply) {
  if (reply.kind !== 'tunnel') throw new Error(`not a tunnel but ${reply.kind}`);
  const [near, far] = socketPair();
  const client = newSpdySession(near, { role: 'client' });
  const running = client.run();
  running.catch(() => undefined);
  // The edge ends the connection once the session has been served.
  const served = reply.serve(far).finally(() => far.end());
  return { client, near, served, ended: running };
}

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk.toString();
  return text;
}

type Said = Readonly<Record<'stdout' | 'stderr' | 'error', string>>;

/** Types a script into a shell in the container, ends the input, and says what came of it. */
async function converse(reply: Reply, script: string): Promise<Said> {
  return reply.kind === 'socket' ? overWebSocket(reply, script) : overSpdy(reply, script);
}

async function overSpdy(reply: Reply, script: string): Promise<Said> {
  const { client, near, served } = spdyClient(reply);
  const open = (streamtype: string): SpdyStream => client.open({ streamtype });
  const [error, stdin, stdout, stderr] = [open('error'), open('stdin'), open('stdout'), open('stderr')];
  await stdin.write(Buffer.from(script));
  stdin.end();
  const said = await Promise.all([stdout, stderr, error].map(({ chunks }) => textOf(chunks)));
  near.end();
  await served;
  return { stdout: said[0] ?? '', stderr: said[1] ?? '', error: said[2] ?? '' };
}

async function overWebSocket(reply: Extract<Reply, { kind: 'socket' }>, script: string): Promise<Said> {
  const base64 = reply.protocol.includes('base64');
  const said = ['', '', '', ''];
  async function* typed(): AsyncGenerator<Buffer> {
    yield Buffer.from(base64 ? `0${Buffer.from(script).toString('base64')}` : `\0${script}`);
    await new Promise(() => undefined);
  }
  await reply.serve({
    protocol: reply.protocol,
    messages: typed(),
    signal: new AbortController().signal,
    async send(data) {
      const [channel = 0] = data;
      const text = Buffer.from(data).subarray(1).toString();
      const at = base64 ? channel - 48 : channel;
      said[at] = `${said[at] ?? ''}${base64 ? Buffer.from(text, 'base64').toString() : text}`;
    },
  });
  return { stdout: said[1] ?? '', stderr: said[2] ?? '', error: said[3] ?? '' };
}

describe('a command', () => {
  const streams: StreamRequest = { stdin: true, stdout: true, stderr: true, tty: false };

  async function open(framing: string, change: Partial<StreamRequest> = {}): Promise<Reply> {
    const clock = newFakeClock();
    const { runtime, dialStream } = newSimulatedRuntime(
      { clock, files: newMemoryFiles(() => 0) },
      { podCidr: '10.0.0.0/24' },
    );
    const { signal } = new AbortController();
    const sandbox = aSandbox('/logs');
    const sandboxId = await runtime.runPodSandbox(sandbox, '', signal);
    const id = await runtime.createContainer(sandboxId, aContainer('busybox', 'sleep 9999'), sandbox, signal);
    await runtime.startContainer(id, signal);
    const wanted = { ...streams, ...change };
    return await openSession(
      asking(framing),
      { streams: wanted, open: (opening) => runtime.exec(id, ['sh'], wanted, opening) },
      { dialStream, clock },
    );
  }

  const status = expect.stringMatching(/^\{.*"reason":"NonZeroExitCode".*\}$/) as string;
  const text = 'command terminated with non-zero exit code: exit status 3';
  it.each([
    ['SPDY v4.channel.k8s.io', status],
    ['SPDY v3.channel.k8s.io', text],
    ['SPDY v2.channel.k8s.io', text],
    ['SPDY channel.k8s.io', text],
    ['SPDY v9.channel.k8s.io,v2.channel.k8s.io', text],
    ['v5.channel.k8s.io', status],
    ['v4.channel.k8s.io', status],
    ['v3.channel.k8s.io', text],
    ['v2.channel.k8s.io', text],
    ['channel.k8s.io', text],
    ['v4.base64.channel.k8s.io', status],
    ['base64.channel.k8s.io', text],
  ])('over %s has its streams and says how it ended', async (framing, error) => {
    const reply = await open(framing);
    await expect(converse(reply, 'echo out\nnosuch\nexit 3\n')).resolves.toEqual({
      stdout: 'out\n',
      stderr: 'sh: nosuch: not found\n',
      error,
    });
  });

  it('over SPDY takes the size of a terminal on a stream of its own', async () => {
    const { client, near, served } = spdyClient(await open('SPDY v4.channel.k8s.io', { tty: true, stderr: false }));
    const [error, stdin] = [client.open({ streamtype: 'error' }), client.open({ streamtype: 'stdin' })];
    const [stdout, resize] = [client.open({ streamtype: 'stdout' }), client.open({ streamtype: 'resize' })];
    await resize.write(Buffer.from('{"Width":80,"Height":24}\n'));
    await stdin.write(Buffer.from('exit\n'));
    await expect(textOf(stdout.chunks)).resolves.toContain('exit');
    await expect(textOf(error.chunks)).resolves.toContain('"status":"Success"');
    near.end();
    await served;
  });

  it.each([
    ['', 400, 'unable to upgrade: X-Stream-Protocol-Version is required'],
    [
      'v9.channel.k8s.io',
      403,
      'unable to upgrade: unable to negotiate protocol: client supports [v9.channel.k8s.io], server accepts [v4.channel.k8s.io v3.channel.k8s.io v2.channel.k8s.io channel.k8s.io]',
    ],
  ])('needs a subprotocol that is known: %j', async (protocol, code, message) => {
    await expect(open(`SPDY ${protocol}`)).rejects.toMatchObject({ code, message });
  });

  it('ends with the client', async () => {
    const { client, near, served } = spdyClient(await open('SPDY v4.channel.k8s.io'));
    for (const streamtype of ['error', 'stdin', 'stdout', 'stderr']) client.open({ streamtype });
    near.destroy();
    await served;
  });

  it('does not wait forever for the streams of its client', async () => {
    const clock = newFakeClock();
    const reply = await openSession(
      asking('SPDY v4.channel.k8s.io'),
      { streams, open: async () => 'url' },
      { dialStream: () => Promise.reject(new Error('not dialed')), clock },
    );
    const { client, served, ended, near } = spdyClient(reply);
    client.open({ streamtype: 'error' });
    await clock.advance(30_000);
    await ended;
    near.end();
    await served;
  });

  it('refuses streams that it does not have', async () => {
    const { client, near, served } = spdyClient(await open('SPDY v4.channel.k8s.io'));
    await expect(textOf(client.open({ streamtype: 'resize' }).chunks)).resolves.toBe('');
    near.destroy();
    await served;
  });
});

describe('port-forward', () => {
  let clock: FakeClock;
  let dialed: number[];
  beforeEach(() => {
    clock = newFakeClock();
    dialed = [];
  });

  /** Port 80 says back what it hears and then ends, 81 is closed, at 82 nobody can be reached. */
  const dialStream = async (port: number): Promise<Awaited<ReturnType<StreamDialer>>> => {
    dialed.push(port);
    if (port === 82) throw new Error('sandbox is gone');
    const [near, far] = socketPair();
    async function* messages(): AsyncGenerator<Buffer> {
      if (port === 81) yield Buffer.from('\x01connection refused');
      else for await (const chunk of far.chunks) yield Buffer.concat([Buffer.from([0]), chunk]);
      yield Buffer.from([255, 0]);
    }
    return {
      protocol: '',
      messages: messages(),
      send: async (data) => {
        if (data[0] === 255) near.end();
        else await near.write(data.subarray(1));
      },
      close: () => near.destroy(),
    };
  };
  const open = (framing: string, path?: string): Reply =>
    openPortForward(asking(framing, path), { pod: 'ns/p, uid 1', clock, dial: dialStream });

  const pair = (client: SpdySession, port: number, requestid: string): readonly [SpdyStream, SpdyStream] => {
    const headers = { port: String(port), requestid };
    return [client.open({ ...headers, streamtype: 'error' }), client.open({ ...headers, streamtype: 'data' })];
  };

  it('over SPDY carries many connections at once, each half until its own end', async () => {
    const { client, near, served } = spdyClient(open('SPDY portforward.k8s.io'));
    const echoes = Array.from({ length: 50 }, async (_, i) => {
      const [error, data] = pair(client, 80, String(i));
      error.end();
      await data.write(Buffer.from(`connection ${i}`));
      data.end();
      return [await textOf(data.chunks), await textOf(error.chunks)];
    });
    expect(await Promise.all(echoes)).toEqual(Array.from({ length: 50 }, (_, i) => [`connection ${i}`, '']));
    near.destroy();
    await served;
  });

  it.each([
    [81, 'connection refused'],
    [82, 'error forwarding port 82 to pod ns/p, uid 1: sandbox is gone'],
  ])('over SPDY says on the error stream what is wrong with port %i', async (port, why) => {
    const { client, near, served } = spdyClient(open('SPDY portforward.k8s.io'));
    const [error, data] = pair(client, port, '0');
    await expect(Promise.all([textOf(error.chunks), textOf(data.chunks)])).resolves.toEqual([why, '']);
    near.destroy();
    await served;
  });

  it('pairs the streams of clients that name no request', async () => {
    const { client, near, served } = spdyClient(open('SPDY portforward.k8s.io'));
    client.open({ port: '80', streamtype: 'error' });
    const data = client.open({ port: '80', streamtype: 'data' });
    await data.write(Buffer.from('old'));
    data.end();
    await expect(textOf(data.chunks)).resolves.toBe('old');
    near.destroy();
    await served;
  });

  it('gives up a stream whose other one does not come, and a second one of the same kind', async () => {
    const { client, near, served } = spdyClient(open('SPDY portforward.k8s.io'));
    const lonely = client.open({ port: '80', requestid: 'a', streamtype: 'error' });
    const again = client.open({ port: '80', requestid: 'a', streamtype: 'error' });
    await expect(textOf(again.chunks)).resolves.toBe('');
    const said = textOf(lonely.chunks);
    await clock.advance(30_000);
    await said;
    expect([lonely.signal.aborted, dialed]).toEqual([true, []]);
    near.destroy();
    await served;
  });

  it.each([{}, { port: '0' }, { port: '80' }, { port: '80', streamtype: 'other' }, { port: 'x', streamtype: 'data' }])(
    'refuses the stream %j',
    async (headers) => {
      const { client, near, served } = spdyClient(open('SPDY portforward.k8s.io'));
      const stream = client.open(headers);
      await expect(textOf(stream.chunks)).resolves.toBe('');
      expect(stream.signal.aborted).toBe(true);
      near.destroy();
      await served;
    },
  );

  it.each(['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'])(
    'over %s has two channels for each port',
    async (framing) => {
      const reply = open(framing, '/portForward/ns/p?port=80&port=81');
      if (reply.kind !== 'socket') throw new Error(reply.kind);
      const base64 = framing.includes('base64');
      const said: string[] = ['', '', '', ''];
      const heard = Promise.withResolvers<undefined>();
      async function* typed(): AsyncGenerator<Buffer> {
        yield Buffer.from(base64 ? `0${Buffer.from('hello').toString('base64')}` : '\0hello');
        await heard.promise;
      }
      await reply.serve({
        protocol: reply.protocol,
        messages: typed(),
        signal: new AbortController().signal,
        async send(data) {
          const text = Buffer.from(data).subarray(1).toString('latin1');
          const channel = (data[0] ?? 0) - (base64 ? 48 : 0);
          said[channel] = `${said[channel] ?? ''}${base64 ? Buffer.from(text, 'base64').toString('latin1') : text}`;
          if (said[0]?.endsWith('hello')) heard.resolve(undefined);
        },
      });
      expect(said).toEqual(['P\0hello', 'P\0', 'Q\0', 'Q\0connection refused']);
    },
  );

  it.each([
    ['/portForward/ns/p', 'query parameter "port" is required'],
    ['/portForward/ns/p?port=0', 'unable to parse "0" as a port'],
    ['/portForward/ns/p?port=80,x', 'unable to parse "x" as a port'],
    [`/portForward/ns/p?port=${'1,'.repeat(127)}1`, 'too many ports'],
  ])('over WebSocket needs ports: %s', (path, message) => {
    expect(() => open('v4.channel.k8s.io', path)).toThrow(message);
  });

  it('needs an upgrade', () => {
    expect(() => openPortForward(newIncoming({ path: '/' }), { pod: '', clock, dial: dialStream })).toThrow(
      'Upgrade request required',
    );
  });
});
