import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from '@kubephant/pki';

/** A request that a webhook was asked with: an AdmissionReview's or a ConversionReview's. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into reviews of every form
export type Asked = any;

/** An answer that is no review. */
export interface Page {
  readonly status: number;
  readonly text: string;
}

/** What a webhook makes of a request: a response but for its uid, or a page. */
export type Behaviour = (request: Asked) => { readonly response: object } | Page;

export interface WebhookServer extends AsyncDisposable {
  readonly port: number;
  /** What came, in order: to which path, and the request in it. */
  readonly asked: { readonly path: string; readonly request: Asked }[];
}

/** A webhook server over TLS; each path behaves in its own way. */
export async function startWebhookServer(
  serving: KeyPair,
  behaviours: Readonly<Record<string, Behaviour>>,
): Promise<WebhookServer> {
  const asked: { readonly path: string; readonly request: Asked }[] = [];
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { apiVersion, kind, request } = JSON.parse(Buffer.concat(await req.toArray()).toString());
    const { pathname: path } = new URL(req.url ?? '/', 'https://here');
    asked.push({ path, request });
    const made = behaviours[path]?.(request) ?? { status: 404, text: 'no such webhook' };
    if ('text' in made) {
      res.writeHead(made.status).end(made.text);
      return;
    }
    const review = { apiVersion, kind, response: { uid: request.uid, ...made.response } };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(review));
  };
  const server = createServer({ cert: serving.certificate, key: serving.key }, (req, res) => void answer(req, res));
  server.listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
