import { newGroup, version, type Logger, type Metrics, type Run } from '@kubephant/base';
import { newClient, type Client } from '@kubephant/client';
import { resourceTable, type ResourceDefinition } from '@kubephant/resources';
import { newOpenApi, type OpenApiRow } from '@kubephant/schema';
import {
  componentRoutes,
  newInProcessTransport,
  type Authenticated,
  type Caller,
  type Dialer,
  type Handler,
  type Incoming,
} from '@kubephant/serving';
import { newAdmission } from './admission';
import { defaultAdmissionSettings, type AdmissionSettings } from './admission/configuration/settings';
import { newPodSecurityMetrics } from './admission/pod-security/metrics';
import { newAggregation, type Aggregation } from './aggregation/aggregation';
import { newAdmissionMetrics } from './admission/metrics/metrics';
import { newCheckExpression } from './admission/policies/check-expression';
import { rbacEscalation } from './authorization/escalation';
import { runAggregation } from './bootstrap/aggregate';
import { runDangling } from './bootstrap/dangling';
import { autoregistration, runBootstrap } from './bootstrap/run';
import { ServerLeases } from './bootstrap/server-leases';
import { replaceKubernetesEndpoints } from './bootstrap/system-objects';
import { buildHandler, type Route } from './build-handler';
import { backendOf } from './connect/backend';
import { newConnect } from './connect/connect';
import { newDiscovery, type Discovery } from './discovery/discovery';
import { describeRow } from './discovery/resources';
import { collectStorageObjects, readiness } from './health';
import { discoveredOf, newExtensions, openApiRowsOf, type Extensions } from './extensions/extensions';
import type { ResolveService } from './admission/webhooks/target';
import type { CompileRules } from './extensions/custom-resource';
import { newRules } from './extensions/rules';
import { newAskWebhook } from './extensions/webhook';
import { newIdentity, type Identity, type IdentityConfig, type IdentityDependencies } from './identity';
import { memoized } from './memoized';
import { joinedOpenApi } from './openapi/joined';
import { newOpenApiRoute } from './openapi/openapi';
import { openApiRow } from './openapi/rows';
import { persistently } from './persistently';
import {
  expireObjects,
  firstAddress,
  newPools,
  newRegistry,
  repairAllocations,
  serviceAllocation,
  type Pools,
  type Resource,
  type ServiceNumbers,
} from './registry';
import { newReviews, reviewResources } from './reviews/reviews';
import { newServerAuthorizer, type AuthorizationMode, type ServerAuthorizer } from './server-authorizer';
import { newServerViews, type ServerViews } from './server-views';
import { newOpenId } from './tokens/openid';

export interface ApiServerConfig extends IdentityConfig {
  /** Where pods and components reach this server. */
  readonly advertise: { readonly ip: string; readonly port: number };
  /** Ranges of service addresses and node ports. */
  readonly services: ServiceNumbers;
  readonly authorizationModes: readonly AuthorizationMode[];
  readonly allowAnonymous: boolean;
  /** Which of a node's addresses its kubelet is reached by, best first. */
  readonly kubeletAddressTypes: readonly string[];
  /** Which admission plugins run, and how; absent: upstream's default. */
  readonly admission?: AdmissionSettings;
}

export interface ApiServerDependencies extends IdentityDependencies {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly dialer: Dialer;
  /** Whether other servers give definitions of resources their names and conditions. */
  readonly leavesDefinitions?: boolean;
  /** How webhooks are called; absent: they cannot be, and their failurePolicy says what that means. */
  readonly caller?: Caller;
}

export interface ApiServer {
  readonly handler: Handler<Incoming>;
  /** The server's own client, which may do everything. */
  readonly client: Client;
  /** Follows the store, bootstraps the cluster and keeps what it made, until the signal aborts. */
  readonly run: Run;
  /** Takes this server out of the kubernetes service; it is about to stop. Rejects when the store is away. */
  leave(signal: AbortSignal): Promise<void>;
}

/** What the parts of one server share. */
interface Parts {
  readonly deps: ApiServerDependencies;
  readonly config: ApiServerConfig;
  readonly views: ServerViews;
  readonly identity: Identity;
  readonly access: ServerAuthorizer;
  readonly rows: readonly ResourceDefinition[];
  readonly pools: Pools;
  readonly leases: ServerLeases;
  readonly extensions: Extensions;
  readonly discovery: Discovery;
  readonly aggregation: Aggregation;
  /** Steps of the bootstrap that have been done. */
  readonly done: Set<string>;
}

/** The whole API server without a socket: give `handler` to an edge, and run `run`. `signal` ends the handler's timers. */
export function newApiServer(deps: ApiServerDependencies, config: ApiServerConfig, signal: AbortSignal): ApiServer {
  const { store, clock, log, metrics } = deps;
  const views = newServerViews(store, clock);
  const identity = newIdentity(deps, config);
  const rules = newRules();
  const rows = resourceTable({
    issueToken: identity.issueToken,
    checkRules: rules.checkRules,
    checkExpression: newCheckExpression(),
  });
  const resources = [...rows.map(describeRow), ...reviewResources];
  const discovery = newDiscovery(resources, { serverAddress: addressOf(config) });
  const parts: Parts = {
    deps,
    config,
    views,
    identity,
    access: newServerAuthorizer(views, store, config.authorizationModes),
    rows,
    extensions: extensionsOf(deps, config, rows, rules.compileRules),
    pools: newPools(store, config.services),
    leases: new ServerLeases(deps, config.advertise),
    discovery,
    aggregation: newAggregation({ ...deps, apiServices: views.apiServices, discovery }),
    done: new Set(),
  };
  const groups = new Set(resources.map(({ group }) => group));
  const served = new Set(resources.map(({ group, version, plural }) => `${group}/${version}/${plural}`));
  const custom = parts.extensions.resources;
  custom.onChange(() => {
    discovery.update({ resources: [...resources, ...discoveredOf(custom.served())] });
  });
  const { authorizer, rbac } = parts.access;
  const handler = buildHandler({
    log,
    metrics,
    clock,
    signal,
    authenticator: identity.authenticator,
    authorizer,
    allowAnonymous: config.allowAnonymous,
    registry: registryOf(parts),
    reviews: newReviews({ authorizer, rbac, tokens: identity.tokens, audiences: identity.audiences, clock }),
    aggregation: parts.aggregation.route,
    discovery,
    routes: routesOf(parts),
    isBuiltIn: (group) => groups.has(group),
    known: ({ group, version, resource }) =>
      served.has(`${group}/${version}/${resource}`) || custom.find(`${group}/${version}`, resource) !== undefined,
  });
  collectStorageObjects(metrics, store);
  const transport = newInProcessTransport(handler, { token: identity.loopbackToken });
  const client = newClient(transport, { userAgent: 'kube-apiserver' });
  return {
    handler,
    client,
    run: (stop) => runParts(parts, client, stop),
    leave: async (stop) => replaceKubernetesEndpoints(client, await parts.leases.leave(), stop),
  };
}

const addressOf = ({ advertise: { ip, port } }: ApiServerConfig): string =>
  `${ip.includes(':') ? `[${ip}]` : ip}:${port}`;

const noCaller: Caller = {
  post: () => Promise.reject(new Error('this server was started without a way to call webhooks')),
};

function extensionsOf(
  { store, clock, log, caller = noCaller }: ApiServerDependencies,
  config: ApiServerConfig,
  rows: readonly ResourceDefinition[],
  compileRules: CompileRules,
): Extensions {
  const resolve: ResolveService = (location) => backendOf(location, store, config);
  const askWebhook = newAskWebhook({ caller, resolve, clock });
  return newExtensions({ store, clock, log, rows, compileRules, askWebhook });
}

function registryOf({ deps, config, access, rows, pools, extensions }: Parts): Handler<Authenticated> {
  const { store, clock, dialer } = deps;
  const admissionMetrics = newAdmissionMetrics(deps.metrics);
  return newRegistry({
    store,
    rows,
    clock,
    admission: [
      rbacEscalation(access.rbac, access.authorizer),
      ...newAdmission({
        store,
        clock,
        log: deps.log,
        metrics: admissionMetrics,
        podSecurityMetrics: newPodSecurityMetrics(deps.metrics),
        settings: config.admission ?? defaultAdmissionSettings,
        authorizer: access.authorizer,
        caller: deps.caller ?? noCaller,
        resolveService: (location) => backendOf(location, store, config),
      }),
    ],
    admissionMetrics,
    connect: newConnect({ dialer, store, authorizer: access.authorizer }, config),
    custom: extensions.resources,
    allocations: new Map([['services', serviceAllocation(pools, clock)]]),
  });
}

function routesOf({
  deps,
  config,
  views,
  identity,
  rows,
  done,
  extensions,
  discovery,
  aggregation,
}: Parts): readonly Route[] {
  const jwksUri = `https://${addressOf(config)}/openid/v1/jwks`;
  const { resources, view } = extensions;
  const own = openApiRows(rows);
  const kept = new Map<string, Promise<Buffer>>();
  const openApiOf = memoized((custom: readonly Resource[]) =>
    newOpenApiRoute(
      joinedOpenApi(newOpenApi([...own, ...openApiRowsOf(custom)], version.gitVersion, kept), aggregation.openApi),
    ),
  );
  const readyz = readiness(deps.store, [...views.all, view], done);
  const component = componentRoutes({ name: 'apiserver', metrics: deps.metrics, readyz });
  return [
    component,
    (req) => openApiOf(resources.served())(req),
    newOpenId(identity.keys, { issuer: config.issuer, jwksUri }),
    indexOf(discovery, component.paths),
  ];
}

const openApiRows = (rows: readonly ResourceDefinition[]): readonly OpenApiRow[] => [
  ...rows.map((row) => openApiRow(describeRow(row), row)),
  ...reviewResources.map((resource) => openApiRow(resource)),
];

const documents = [
  '/.well-known/openid-configuration',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
];

/** GET /: what there is outside of resources. */
function indexOf(discovery: Discovery, component: readonly string[]): Route {
  return ({ url: { pathname } }) => {
    if (pathname !== '/' && pathname !== '/index.html') return undefined;
    const paths = [...discovery.paths(), '/apis/', ...documents, ...component].sort();
    return { kind: 'object', status: 200, body: { paths } };
  };
}

async function runParts(
  { deps, config, views, pools, leases, rows, extensions, aggregation, done }: Parts,
  client: Client,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log } = deps;
  const group = newGroup(signal);
  const keep = (name: string, run: Run): void => group.go(name, persistently(name, run, { clock, log }));
  for (const [name, view] of views.named) keep(`view of ${name}`, (stop) => view.run(stop));
  keep('view of definitions', (stop) => extensions.view.run(stop));
  if (!deps.leavesDefinitions) keep('definitions', extensions.run(client));
  const { clusterIPRange: serviceCidr } = config.services;
  const place = { ...config.advertise, serviceCidr, serviceIp: firstAddress(serviceCidr) };
  keep('bootstrap', async (stop) => {
    await repairAllocations(store, pools, clock);
    await runBootstrap({ client, clock, log, leases, authentication: config }, place, done, stop);
  });
  keep('expiry', expireObjects({ store, rows, clock }));
  const { clusterRoles } = views.rbac;
  group.go('flow schemas', (stop) => runDangling({ client, ...views.flowControl, clock, log }, stop));
  const registered = (): unknown => done.add(autoregistration);
  group.go('API services', (stop) => aggregation.run(client, registered, stop));
  group.go('aggregated roles', (stop) => runAggregation({ client, clusterRoles, clock, log }, stop));
  await group.wait();
}
