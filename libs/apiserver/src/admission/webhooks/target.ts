import { is } from '@kubephant/api';
import type { ConnectLocation } from '@kubephant/resources';
import type { WebhookClientConfig } from '@kubephant/schema';
import type { Backend, CallTarget } from '@kubephant/serving';

/** Finds an endpoint behind a service. Throws when there is none. */
export type ResolveService = (location: ConnectLocation) => Promise<Pick<Backend, 'host' | 'port'>>;

/** Where a webhook is: a URL as it is, or a service, by its name in the cluster and one of its endpoints. */
export async function targetOf(
  { url, service, caBundle }: WebhookClientConfig,
  timeoutSeconds: number,
  resolve: ResolveService,
): Promise<CallTarget> {
  const trusted = caBundle ? { caBundle: Buffer.from(caBundle, 'base64').toString() } : {};
  if (!service) {
    if (!url) throw new Error('webhook configuration must have either service or URL');
    return { url: withTimeout(url, timeoutSeconds), ...trusted };
  }
  const { name, namespace, path = '', port = 443 } = service;
  const rooted = path.startsWith('/') || path === '' ? path : `/${path}`;
  const place = `https://${name}.${namespace}.svc:${port}${rooted}`;
  const connectTo = await endpointOf({ service: { namespace, name }, port: String(port), path }, resolve);
  return { url: withTimeout(place, timeoutSeconds), ...trusted, connectTo };
}

/** The server is told how long it is waited for. */
function withTimeout(text: string, timeoutSeconds: number): string {
  const url = new URL(text);
  url.searchParams.set('timeout', `${timeoutSeconds}s`);
  return url.toString();
}

async function endpointOf(
  location: ConnectLocation & { readonly service: { readonly name: string } },
  resolve: ResolveService,
): Promise<NonNullable<CallTarget['connectTo']>> {
  try {
    const { host, port } = await resolve(location);
    return { host, port };
  } catch (err) {
    if (!is('NotFound', err)) throw err;
    throw new Error(`service ${JSON.stringify(location.service.name)} not found`, { cause: err });
  }
}
