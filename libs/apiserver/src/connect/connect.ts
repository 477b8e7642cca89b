import type { ConnectLocation } from '@kubephant/resources';
import type { Authenticated, Authorizer, Backend, Dialer } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { demand } from '../authorization/authorize';
import type { Connect } from '../registry';
import { backendOf, demandProxyable, schemeTls, type BackendConfig } from './backend';
import { readLog } from './log';
import { proxy } from './proxy';
import { podOfService } from './service-endpoints';
import { openSession } from './sessions';

export interface ConnectDependencies {
  readonly dialer: Dialer;
  readonly store: Store;
  readonly authorizer: Authorizer;
}

/** Sessions: what they do is decided by what is sent, so reading (`get`) is never enough to open one. */
const sessions = new Set(['exec', 'attach', 'portforward']);
/** Where a kubelet has them, for those who come through a proxy to the node. */
const kubeletSessions = /^\/?(exec|attach|portforward|run)(\/|$)/i;

/** Carries log, exec, attach, portforward and proxy requests to where they lead. */
export function newConnect({ dialer, store, authorizer }: ConnectDependencies, config: BackendConfig): Connect {
  return async (req, location) => {
    const { subresource = '' } = req.info;
    if (sessions.has(subresource) || leadsToSession(location)) {
      await demand(authorizer, { user: req.user, info: { ...req.info, verb: 'create' } });
    }
    const backend = location.service
      ? await podBackend(location, location.service, store)
      : await backendOf(location, store, config);
    return await carry(req, { backend, path: pathOf(location) }, dialer);
  };
}

async function podBackend(
  location: ConnectLocation,
  service: NonNullable<ConnectLocation['service']>,
  store: Store,
): Promise<Backend> {
  const address = await podOfService(location, service, store);
  demandProxyable(address.host);
  return { ...address, tls: schemeTls(location) };
}

/** Where a request is to be carried. */
export interface Target {
  readonly backend: Backend;
  /** Path and query there. */
  readonly path: string;
}

function carry(req: Authenticated, target: Target, dialer: Dialer): ReturnType<Connect> {
  const { subresource = '' } = req.info;
  if (sessions.has(subresource)) return openSession(req, target, dialer);
  return subresource === 'log' ? readLog(req, target, dialer) : proxy(req, target.backend, dialer);
}

const leadsToSession = ({ node, path }: ConnectLocation): boolean => node !== undefined && kubeletSessions.test(path);

function pathOf({ path, query }: ConnectLocation): string {
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return query && query.size > 0 ? `${rooted}?${query.toString()}` : rooted;
}
