import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import express, { type Express, type Router } from 'express';

/** What answers a request that no Express route takes. */
export type Fallback = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Express for everything outside /api and /apis. Express puts its own prototypes, which inherit from HTTP/1.1's, on
 * what it is given; for HTTP/2 the same methods are put on top of that protocol's classes.
 */
export function newExpressApp(protocol: 'http1' | 'http2', fallback: Fallback, routes?: Router): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  if (protocol === 'http2') useHttp2(app);
  if (routes) app.use(routes);
  app.use(fallback);
  return app;
}

function useHttp2(app: Express): void {
  app.request = rebased(app.request, express.request, Http2ServerRequest.prototype);
  app.response = rebased(app.response, express.response, Http2ServerResponse.prototype);
}

/** `instance`'s own properties over Express' methods over another base class. */
function rebased<T extends object>(instance: T, methods: object, base: object): T {
  const mixed: object = Object.create(base, Object.getOwnPropertyDescriptors(methods)) as object;
  return Object.create(mixed, Object.getOwnPropertyDescriptors(instance)) as T;
}

/** Paths of the Kubernetes API proper, which never see Express. */
export function isApiPath(target: string): boolean {
  return /^\/apis?(?:[/?]|$)/.test(target);
}
