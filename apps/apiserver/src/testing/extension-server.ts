import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { KeyPair } from '@kubephant/pki';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the client's certificate. */
  readonly commonName: string;
}

/** A small extension API server: it serves widgets.example.com over TLS, to whom the front-proxy authority vouches for. */
export interface ExtensionServer extends AsyncDisposable {
  readonly port: number;
  readonly seen: readonly Seen[];
  /** Answers discovery with 500 while true. */
  failing: boolean;
  /** Sends a line to everybody who watches. */
  emit(line: string): void;
}

const resources = [
  {
    ...{ name: 'widgets', singularName: 'widget', namespaced: true, kind: 'Widget', shortNames: ['wd'] },
    verbs: ['create', 'get', 'list', 'watch'],
  },
  { name: 'widgets/status', singularName: '', namespaced: true, kind: 'Widget', verbs: ['get'] },
];
const discovery = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'example.com/v1', resources };
const openApi = { openapi: '3.0.0', info: { title: 'widgets', version: 'v1' }, paths: {} };
const openApiPath = '/openapi/v3/apis/example.com/v1';

const fixed: Readonly<Record<string, unknown>> = {
  '/apis/example.com/v1': discovery,
  '/openapi/v3': { paths: { 'apis/example.com/v1': { serverRelativeURL: `${openApiPath}?hash=1` } } },
  [openApiPath]: openApi,
  '/openapi/v2': { swagger: '2.0', paths: { '/apis/example.com/v1/widgets': {} }, definitions: { Widget: {} } },
};

export async function startExtensionServer(serving: KeyPair, clientAuthority: string): Promise<ExtensionServer> {
  const seen: Seen[] = [];
  const watchers = new Set<ServerResponse>();
  const state = { failing: false };
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'https://here');
    const { subject } = (req.socket as unknown as Pick<TLSSocket, 'getPeerCertificate'>).getPeerCertificate();
    seen.push({
      method: req.method ?? '',
      path: req.url ?? '',
      headers: req.headers,
      commonName: [subject.CN].flat().join(),
    });
    if (state.failing) res.writeHead(500).end();
    else if (pathname.endsWith('/redirected')) res.writeHead(302, { location: 'https://elsewhere/' }).end();
    else if (searchParams.has('watch')) {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.flushHeaders();
      watchers.add(res);
    } else if (req.method === 'POST') void echo(req, res);
    else
      res
        .writeHead(fixed[pathname] ? 200 : 404, { 'content-type': 'application/json' })
        .end(JSON.stringify(fixed[pathname] ?? {}));
  };
  const server = createServer(
    { cert: serving.certificate, key: serving.key, ca: clientAuthority, requestCert: true, rejectUnauthorized: true },
    answer,
  );
  server.on('upgrade', (req, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
    socket.pipe(socket);
    seen.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, commonName: 'upgrade' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    seen,
    emit: (line: string) => {
      for (const res of watchers) res.write(`${line}\n`);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.writeHead(201, { 'content-type': 'application/json', 'x-own': 'yes' });
  for await (const chunk of req) res.write(chunk);
  res.end();
}
