import type { Clock, Logger, Metrics } from '@kubephant/base';
import {
  pageNotFound,
  withEncoding,
  withRequestInfo,
  withRequestMetrics,
  newTerminations,
  withTimeout,
  type Authenticated,
  type Authenticator,
  type Authorizer,
  type Filter,
  type Handler,
  type Incoming,
  type Reply,
  type RequestInfo,
} from '@kubephant/serving';
import { withAuthentication } from './authentication/authenticate';
import { withImpersonation } from './authentication/impersonation';
import { withAuthorization } from './authorization/authorize';
import { noSuchResource, type Discovery } from './discovery/discovery';
import { protobufOf } from './registry';

/** Answers requests that are for it, and is silent about others. */
export type Route<R extends Incoming = Incoming> = (req: R) => Promise<Reply> | Reply | undefined;

export interface HandlerDependencies {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly allowAnonymous: boolean;
  readonly registry: Handler<Authenticated>;
  readonly reviews: Route<Authenticated>;
  /** Requests for group versions that other servers answer for. */
  readonly aggregation: Route<Authenticated>;
  readonly discovery: Discovery;
  /** Everything outside resources, asked in order. */
  readonly routes: readonly Route[];
  /** Whether a resource is served: what metrics may name. */
  readonly known: (info: RequestInfo) => boolean;
  /** Whether the group is one of the server's own: what is in no such group, and not defined, is no page at all. */
  readonly isBuiltIn: (group: string) => boolean;
  /** Ends timers with the server. */
  readonly signal: AbortSignal;
}

/** The API server as one function, in the order a request goes through it. */
export function buildHandler(deps: HandlerDependencies): Handler<Incoming> {
  const { log, metrics, clock, signal, authenticator, authorizer, allowAnonymous, known } = deps;
  const encode = withEncoding(protobufOf);
  const resolve = withRequestInfo(log);
  const labelling = { component: 'apiserver', known };
  const measure = withRequestMetrics(metrics, clock, labelling);
  const limit = withTimeout({ clock, signal, terminated: newTerminations(metrics, labelling) });
  const authenticate = withAuthentication(authenticator, { metrics, clock, allowAnonymous });
  const impersonate: Filter<Authenticated> = withImpersonation(authorizer);
  const authorize = withAuthorization(authorizer);
  return encode(resolve(measure(limit(authenticate(impersonate(authorize(dispatch(deps))))))));
}

function dispatch(deps: HandlerDependencies): Handler<Authenticated> {
  const { aggregation, registry, reviews, discovery, routes, isBuiltIn, known } = deps;
  const outside = [(req: Incoming) => discovery.serve(req), ...routes];
  return async (req) => {
    const { info } = req;
    const elsewhere = aggregation(req);
    if (elsewhere) return await elsewhere;
    if (info.isResourceRequest) {
      if (!isBuiltIn(info.group) && !known(info)) return pageNotFound();
      return (await reviews(req)) ?? registry(req);
    }
    for (const route of outside) {
      const reply = await route(req);
      if (reply) return reply;
    }
    if (isBelowServed(info.path, isBuiltIn)) throw noSuchResource();
    return pageNotFound();
  };
}

/** `/api/v9`, `/apis/apps/v9` and `/version/x`: what is there has nothing of that name. */
function isBelowServed(path: string, isBuiltIn: (group: string) => boolean): boolean {
  const [, root, group = ''] = path.split('/');
  return root === 'api' || root === 'version' || (root === 'apis' && group !== '' && isBuiltIn(group));
}
