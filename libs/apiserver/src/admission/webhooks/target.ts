import { is } from '@kubephant/api';
import type { ConnectLocation } from '@kubephant/resources';
import type { WebhookClientConfig } from '@kubephant/schema';
import type { Backend, CallTarget } from '@kubephant/serving';

/** Finds an endpoint behind a service. Throws when there is none. */
export type ResolveService = (location: ConnectLocation) => Promise<Pick<Backend, 'host' | 'port'>>;

/** The URL of a webhook as it is called, with how long it is waited for. Throws where there is none. */
export function urlOf({ url, service }: WebhookClientConfig, timeoutSeconds: number): string {
  const timeout = `?timeout=${timeoutSeconds}s`;
  if (service) {
    const { name, namespace, path = '', port = 443 } = service;
    return `https://${name}.${namespace}.svc:${port}/${path.replace(/^\/+/, '')}${timeout}`;
  }
  if (!url) throw new Error('webhook configuration must have either service or URL');
  const { protocol, pathname } = new URL(url);
  // As it is written: a port that goes without saying is said all the same.
  const [, host = ''] = /^[^:]+:\/\/([^/?#]*)/.exec(url) ?? [];
  return `${protocol}//${host}${pathname.replace(/(?<=.)\/+$/, '')}${timeout}`;
}

/** Where a webhook is: a URL as it is, or a service, by its name in the cluster and one of its endpoints. */
export async function targetOf(
  config: WebhookClientConfig,
  timeoutSeconds: number,
  resolve: ResolveService,
): Promise<CallTarget> {
  const { service, caBundle } = config;
  const url = urlOf(config, timeoutSeconds);
  const trusted = caBundle ? { caBundle: Buffer.from(caBundle, 'base64').toString() } : {};
  if (!service) return { url, ...trusted };
  const { name, namespace, path = '', port = 443 } = service;
  const connectTo = await endpointOf({ service: { namespace, name }, port: String(port), path }, resolve);
  return { url, ...trusted, connectTo };
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
