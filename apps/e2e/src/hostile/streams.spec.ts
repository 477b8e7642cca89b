import { startTestServer, type TestServer } from '@kubephant/apiserver/testing';
import { serve, type RunningServer } from '@kubephant/http-express';
import { newAuthority } from '@kubephant/pki';
import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { meanwhile } from './meanwhile';
import { ways, type Client } from './ways';

const configMaps = '/api/v1/namespaces/default/configmaps';
const authorization = 'Bearer admin-token';
const promisedMs = 1000;

/** What becomes of a stream is nothing to whoever opened it to do harm. */
function open(
  session: ClientHttp2Session,
  path: string,
  more: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  const method = { ':method': 'POST', ':path': path, 'content-type': 'application/json', authorization };
  const stream = session.request({ ...method, ...more }, { endStream: false });
  stream.on('error', () => undefined);
  return stream;
}

/** What one connection of HTTP/2 can do besides sending a body. */
const attacks: readonly (readonly [string, (session: ClientHttp2Session) => Promise<void>])[] = [
  [
    'streams that are given up as soon as they are opened',
    async (session) => {
      for (let i = 0; i < 3000 && !session.destroyed && !session.closed; i++) {
        open(session, configMaps).close(constants.NGHTTP2_CANCEL);
        if (i % 100 === 0) await turn();
      }
    },
  ],
  [
    'bodies that never end',
    async (session) => {
      for (let i = 0; i < 250; i++) open(session, configMaps).write('{"kind":');
      await turn();
    },
  ],
  [
    'many large headers',
    async (session) => {
      for (let i = 0; i < 50 && !session.destroyed && !session.closed; i++) {
        open(session, configMaps, { 'x-large': 'x'.repeat(60_000) }).end();
        await turn();
      }
    },
  ],
  [
    'pings',
    async (session) => {
      for (let i = 0; i < 2000 && !session.destroyed; i++) {
        session.ping(() => undefined);
        if (i % 100 === 0) await turn();
      }
    },
  ],
  [
    'watches that nobody reads',
    async (session) => {
      const path = `${configMaps}?watch=1&resourceVersion=0`;
      for (let i = 0; i < 200; i++) open(session, path, { ':method': 'GET' }).pause();
      await turn();
    },
  ],
];

describe('one connection of HTTP/2', () => {
  let server: TestServer;
  let running: RunningServer;
  let others: Client;
  let ca: string;
  const stop = new AbortController();

  beforeAll(async () => {
    server = await startTestServer();
    const authority = await newAuthority('test-ca');
    ca = authority.certificate;
    const { certificate: cert, key } = await authority.issue({
      commonName: 's',
      ips: ['127.0.0.1'],
      usages: ['server'],
    });
    const tls = { cert, key, clientCa: ca };
    running = await serve(server.handler, { port: 0, host: '127.0.0.1', drainMs: 100, tls }, stop.signal);
    await server.ask(`POST ${configMaps}`, { body: { metadata: { name: 'victim' }, data: { a: 'b' } } });
    others = (ways.find(({ name }) => name.startsWith('HTTP/2')) ?? ways[0])?.open(running.port, ca) as Client;
  });
  afterAll(async () => {
    others.close();
    stop.abort();
    await running.closed;
    await server[Symbol.asyncDispose]();
  });

  const read = async (): Promise<void> => {
    const path = `${configMaps}/victim`;
    const { status } = await others.ask({ method: 'GET', path, headers: { authorization }, body: '' });
    expect(status).toBe(200);
  };

  it.each(attacks)('keeps nobody else waiting with %s', async (_, attack) => {
    const session = connect(`https://127.0.0.1:${running.port}`, { ca });
    session.on('error', () => undefined);
    await once(session, 'connect');
    const { p99Ms } = await meanwhile(attack(session), read);
    session.destroy();
    expect(p99Ms).toBeLessThan(promisedMs);
    await read();
    expect((await server.ask(`GET ${configMaps}`)).body.items).toHaveLength(1);
  });
});
