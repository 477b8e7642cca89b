import type { APIService } from '@kubephant/schema';
import type { Authenticated, Backend, BackendResponse, Dialer, Reply } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import type { Route } from '../build-handler';
import { single } from '../connect/log';
import { passOn } from '../connect/proxy';
import { hasBody, requestFields, responseFields } from '../connect/proxy-headers';
import type { View } from '../views/view';
import { anyOf, endpointsOf, readService } from './endpoints';
import { identityFields, withoutIdentity } from './front-proxy';
import { apiServiceOfPath, isAvailable, remoteOf, type RemoteService } from './remote-service';

export interface AggregationProxyDependencies {
  readonly apiServices: View<APIService>;
  readonly store: Pick<Store, 'get' | 'list'>;
  readonly dialer: Dialer;
}

/** Carries requests for group versions of other servers to them, and their answers back as they come. */
export function newAggregationProxy(deps: AggregationProxyDependencies): Route<Authenticated> {
  return (req) => {
    const name = apiServiceOfPath(req.info.path);
    const apiService = name === undefined ? undefined : deps.apiServices.get({ name });
    const remote = apiService && remoteOf(apiService);
    if (!remote) return undefined;
    return isAvailable(apiService) ? forward(req, remote, deps) : failure(503, 'service unavailable');
  };
}

async function forward(req: Authenticated, remote: RemoteService, deps: AggregationProxyDependencies): Promise<Reply> {
  const backend = await backendOf(remote, deps.store);
  if (!backend) return failure(503, 'service unavailable');
  const headers = { ...withoutIdentity(requestFields(req)), ...identityFields(req.user) };
  const { method } = req;
  if (req.upgradeTo !== undefined) {
    return passOn(req, backend, { method, path: req.url.pathname, headers }, deps.dialer);
  }
  const request = {
    method,
    path: req.url.pathname + req.url.search,
    headers,
    ...(hasBody(method, req.headers) && { body: req.stream?.() ?? (await req.body()) }),
  };
  try {
    return answered(await deps.dialer.request(backend, request, req.signal));
  } catch (err) {
    // The client's going is told as such; of anything else upstream tells the error's own words.
    if (req.signal.aborted) throw err;
    return failure(503, err instanceof Error ? err.message : String(err));
  }
}

/** One of the endpoints of the service, if there is any. */
export async function backendOf(
  { service, tls }: RemoteService,
  store: Pick<Store, 'get' | 'list'>,
): Promise<Backend | undefined> {
  const endpoint = anyOf(endpointsOf(await readService(store, service), service.port));
  return endpoint && { ...endpoint, tls };
}

/** A redirect would lead the client's next request, with its credentials, wherever the backend likes (CVE-2022-3172). */
function answered({ status, headers, body }: BackendResponse): Reply {
  const { 'content-type': contentType, ...rest } = responseFields(headers);
  if (status >= 300 && status < 400 && rest['location'] !== undefined) {
    return failure(502, 'the backend attempted to redirect this request, which is not permitted', '');
  }
  const type = typeof contentType === 'string' ? contentType : 'application/octet-stream';
  return { kind: 'stream', status, contentType: type, headers: rest, chunks: single(body) };
}

const failure = (status: number, text: string, end = '\n'): Reply => ({
  kind: 'bytes',
  status,
  contentType: 'text/plain; charset=utf-8',
  headers: { 'x-content-type-options': 'nosniff' },
  chunks: [Buffer.from(text + end)],
});
