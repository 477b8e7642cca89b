import { newAuthority, type Authority } from '@kubephant/pki';
import type { Backend, Handler, Incoming } from '@kubephant/serving';
import { newDialer, serve } from './index';

let authority: Authority;
beforeAll(async () => {
  authority = await newAuthority('cluster');
});

let stop = new AbortController();
let closed: Promise<void> = Promise.resolve();
afterEach(async () => {
  stop.abort();
  await closed;
});

/** Something that answers like a kubelet, and a dialer that it trusts. */
async function setUp(handler: Handler<Incoming>, issuer = authority) {
  stop = new AbortController();
  const server = await issuer.issue({ commonName: 'kubelet', ips: ['127.0.0.1'], usages: ['server'] });
  const client = await authority.issue({ commonName: 'kube-apiserver', usages: ['client'] });
  const tls = { cert: server.certificate, key: server.key, clientCa: authority.certificate };
  const running = await serve(handler, { port: 0, tls, drainMs: 100 }, stop.signal);
  closed = running.closed;
  const dialer = newDialer({
    kubeletClient: { cert: client.certificate, key: client.key },
    kubeletCa: authority.certificate,
  });
  const backend: Backend = { host: '127.0.0.1', port: running.port, tls: 'kubelet' };
  return { dialer, backend };
}

const whoami: Handler<Incoming> = async ({ clientCertificate, url }) => ({
  kind: 'object',
  status: 200,
  body: { from: clientCertificate?.commonName, path: url.pathname + url.search },
});

async function json(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

const { signal } = new AbortController();
const request = { method: 'GET', path: '/containerLogs/ns/p/c?follow=true' };

describe('the dialer', () => {
  it('shows its certificate to kubelets', async () => {
    const { dialer, backend } = await setUp(whoami);
    const { status, body } = await dialer.request(backend, request, signal);
    expect([status, await json(body)]).toEqual([200, { from: 'kube-apiserver', path: request.path }]);
  });

  it('shows none to others, and takes any of theirs', async () => {
    const { dialer, backend } = await setUp(whoami, await newAuthority('stranger'));
    const { body } = await dialer.request({ ...backend, tls: 'unverified' }, request, signal);
    expect(await json(body)).toEqual({ path: request.path });
  });

  it('does not talk to a kubelet of another authority', async () => {
    const { dialer, backend } = await setUp(whoami, await newAuthority('stranger'));
    await expect(dialer.request(backend, request, signal)).rejects.toThrow(/certificate/);
  });

  it('does not follow redirects', async () => {
    const moved: Handler<Incoming> = async () => ({
      kind: 'bytes',
      status: 302,
      contentType: 'text/plain',
      chunks: [],
      headers: { location: 'https://127.0.0.1:1/' },
    });
    const { dialer, backend } = await setUp(moved);
    const answer = await dialer.request(backend, request, signal);
    expect(answer.status).toBe(302);
    for await (const _ of answer.body);
  });

  it('gives up with its signal', async () => {
    const { dialer, backend } = await setUp(() => new Promise(() => undefined));
    const own = new AbortController();
    const pending = dialer.request(backend, request, own.signal);
    own.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('opens sessions under the protocol the kubelet chooses', async () => {
    const echo: Handler<Incoming> = async ({ clientCertificate }) => ({
      kind: 'socket',
      protocol: 'v4.channel.k8s.io',
      async serve(session) {
        await session.send(Buffer.from(clientCertificate?.commonName ?? ''));
        for await (const message of session.messages) await session.send(message);
      },
    });
    const { dialer, backend } = await setUp(echo);
    const session = await dialer.connect(
      backend,
      { path: '/exec/ns/p/c' },
      ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
      signal,
    );
    await session.send(Buffer.from('ls'));
    const received: string[] = [];
    for await (const message of session.messages) {
      received.push(message.toString());
      if (received.length === 2) session.close();
    }
    expect([session.protocol, received]).toEqual(['v4.channel.k8s.io', ['kube-apiserver', 'ls']]);
  });

  it('rejects with the words of a kubelet that refuses a session', async () => {
    const refuse: Handler<Incoming> = async () => ({
      kind: 'bytes',
      status: 404,
      contentType: 'text/plain',
      chunks: [Buffer.from('pod does not exist')],
    });
    const { dialer, backend } = await setUp(refuse);
    await expect(dialer.connect(backend, { path: '/exec/x' }, ['v5.channel.k8s.io'], signal)).rejects.toMatchObject({
      code: 404,
    });
  });
});
