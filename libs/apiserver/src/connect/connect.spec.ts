import type { MessageSocket } from '@kubephant/serving';
import { connect, textOf } from './testing';

const exec = '/api/v1/namespaces/ns/pods/p/exec?command=sh';
const toKubelet = { node: 'n1', path: '/exec/ns/p/c', query: new URLSearchParams({ command: 'sh' }) };
const log = '/api/v1/namespaces/ns/pods/p/log';
const toLog = { node: 'n1', path: '/containerLogs/ns/p/c' };
const forward = '/api/v1/namespaces/ns/pods/p/portforward';
const toPorts = { node: 'n1', path: '/portForward/ns/p' };

/** A client's end of a WebSocket that says what it is given, and what it was told. */
function newClient(protocol: string, ...messages: readonly string[]) {
  const received: string[] = [];
  async function* typed(): AsyncGenerator<Buffer> {
    for (const message of messages) yield Buffer.from(message);
  }
  const client: MessageSocket = {
    protocol,
    messages: typed(),
    signal: new AbortController().signal,
    send: async (data) => void received.push(Buffer.from(data).toString()),
  };
  return { client, received };
}

describe('logs', () => {
  it('are streamed from the kubelet of the node', async () => {
    const { reply, dialed } = await connect(log, toLog);
    await expect(reply.then(textOf)).resolves.toBe('hello');
    expect(dialed).toEqual([
      {
        backend: { host: '10.0.0.7', port: 10_299, tls: 'kubelet' },
        request: { method: 'GET', path: '/containerLogs/ns/p/c' },
      },
    ]);
  });

  it.each([
    [400, { code: 400, message: 'container "x" is waiting to start' }],
    [404, { code: 404, message: 'container "x" is waiting to start' }],
    [500, { code: 500, message: 'container "x" is waiting to start' }],
  ])('a refusal with %d is told in the kubelet’s words', async (status, expected) => {
    const { reply } = await connect(log, toLog, { status, body: 'container "x" is waiting to start\n' });
    await expect(reply).rejects.toMatchObject(expected);
  });

  it('of a kubelet that cannot be reached say how it was asked', async () => {
    const { reply } = await connect(log, toLog, {
      unreachable: 'dial tcp 10.0.0.7:10299: connect: connection refused',
    });
    await expect(reply).rejects.toMatchObject({
      code: 500,
      message:
        'Get "https://10.0.0.7:10299/containerLogs/ns/p/c": dial tcp 10.0.0.7:10299: connect: connection refused',
    });
  });
});

describe('sessions', () => {
  it.each([
    ['GET', { upgrade: ['v5.channel.k8s.io'] }],
    ['POST', { upgradeTo: 'SPDY/3.1' }],
  ])('need the right to create, also when they come as GET: %s', async (method, how) => {
    const { reply, authorize, dialed } = await connect(exec, toKubelet, { method, ...how, allowed: false });
    await expect(reply).rejects.toMatchObject({
      code: 403,
      message:
        'pods "p" is forbidden: User "u" cannot create resource "pods/exec" in API group "" in the namespace "ns"',
    });
    expect(authorize).toHaveBeenCalledTimes(1);
    expect(dialed).toEqual([]);
  });

  it('need it too when they come through a proxy to the kubelet', async () => {
    const path = '/api/v1/nodes/n1/proxy/exec/ns/p/c';
    const { reply } = await connect(path, { node: 'n1', path: '/exec/ns/p/c' }, { allowed: false });
    await expect(reply).rejects.toMatchObject({ code: 403 });
  });

  it('need an upgrade', async () => {
    const { reply, dialed } = await connect(exec, toKubelet, { method: 'POST' });
    await expect(reply).rejects.toMatchObject({ code: 400, message: 'Upgrade request required' });
    expect(dialed).toEqual([]);
  });

  it('are relayed message by message under the protocol the kubelet chooses', async () => {
    const upgrade = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
    const { reply: pending, dialed, sent } = await connect(exec, toKubelet, { upgrade });
    const reply = await pending;
    expect(dialed[0]).toMatchObject({ request: { path: '/exec/ns/p/c?command=sh' }, protocols: upgrade });
    if (reply.kind !== 'socket') throw new Error(reply.kind);
    const { client, received } = newClient(reply.protocol, 'ls');
    await reply.serve(client);
    expect([reply.protocol, received, sent]).toEqual(['v4.channel.k8s.io', ['hello'], ['ls']]);
  });

  it('of SPDY are passed on to the kubelet, bytes and all', async () => {
    const options = {
      method: 'POST',
      upgradeTo: 'SPDY/3.1',
      headers: { 'x-stream-protocol-version': 'v4.channel.k8s.io, channel.k8s.io' },
      status: 101,
    };
    const { reply: pending, dialed, near } = await connect(exec, toKubelet, options);
    const reply = await pending;
    expect(dialed[0]?.request).toEqual({
      method: 'POST',
      path: '/exec/ns/p/c?command=sh',
      headers: { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io, channel.k8s.io' },
    });
    if (reply.kind !== 'tunnel') throw new Error(reply.kind);
    expect(reply.headers).toEqual({ upgrade: 'SPDY/3.1' });
    const told: string[] = [];
    const said = Promise.withResolvers<undefined>();
    const serving = reply.serve({
      chunks: (async function* () {
        yield Buffer.from('from the client');
        await said.promise;
      })(),
      write: async (data) => {
        told.push(Buffer.from(data).toString());
        said.resolve(undefined);
      },
      end: () => undefined,
      destroy: () => undefined,
      signal: new AbortController().signal,
    });
    await near.write(Buffer.from('from the kubelet'));
    await serving;
    const heard: string[] = [];
    for await (const chunk of near.chunks) heard.push(chunk.toString());
    expect([told, heard]).toEqual([['from the kubelet'], ['from the client']]);
  });

  it('of SPDY that the kubelet refuses are refused in its own words', async () => {
    const options = { method: 'POST', upgradeTo: 'SPDY/3.1', status: 500, body: 'container not found ("c")' };
    const { reply } = await connect(exec, toKubelet, options);
    await expect(reply).resolves.toMatchObject({
      kind: 'bytes',
      status: 500,
      chunks: [Buffer.from('container not found ("c")')],
    });
  });

  it('are none when the kubelet answers something else', async () => {
    const { reply } = await connect(exec, toKubelet, { method: 'POST', upgradeTo: 'SPDY/3.1', status: 200 });
    await expect(reply).rejects.toMatchObject({ code: 500, message: 'invalid upgrade response: status code 200' });
  });

  it('with a kubelet that cannot be reached say so', async () => {
    const unreachable = 'dial tcp 10.0.0.7:10299: connect: connection refused';
    const message = `error dialing backend: ${unreachable}`;
    const spdy = await connect(exec, toKubelet, { method: 'POST', upgradeTo: 'SPDY/3.1', unreachable });
    await expect(spdy.reply).rejects.toMatchObject({ code: 500, message });
    const webSocket = await connect(exec, toKubelet, { upgrade: ['v5.channel.k8s.io'], unreachable });
    await expect(webSocket.reply).rejects.toMatchObject({ code: 500, message });
  });
});

describe('port-forward', () => {
  const upgrade = ['SPDY/3.1+portforward.k8s.io'];

  it('in WebSocket goes on to the kubelet as SPDY, without the messages around it', async () => {
    const { reply: pending, dialed, near } = await connect(forward, toPorts, { upgrade, status: 101 });
    const reply = await pending;
    expect(dialed[0]?.request).toEqual({
      method: 'POST',
      path: '/portForward/ns/p',
      headers: { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'portforward.k8s.io' },
    });
    if (reply.kind !== 'socket') throw new Error(reply.kind);
    expect(reply.protocol).toBe('SPDY/3.1+portforward.k8s.io');
    const { client } = newClient(reply.protocol, 'SYN', '_STREAM');
    await reply.serve(client);
    let heard = '';
    for await (const chunk of near.chunks) heard += chunk.toString();
    expect(heard).toBe('SYN_STREAM');
  });

  it('in WebSocket that the kubelet refuses is refused', async () => {
    const { reply } = await connect(forward, toPorts, { upgrade, status: 400, body: 'no running sandbox' });
    await expect(reply).rejects.toMatchObject({ code: 400, message: 'no running sandbox' });
  });
});
