import { onAbort, type Clock, type Logger } from '@kubephant/base';
import type { SharedInformer } from '@kubephant/informer';
import type { Netfilter } from '@kubephant/node';
import type { EndpointSlice, Node, Service } from '@kubephant/schema';
import { servicePorts, type Family } from './model/service-port';
import type { ProxyMetrics } from './metrics';
import { combine, type Ruleset, type RulesetPart } from './nftables/ruleset';
import { fullScript, incrementalScript } from './nftables/script';
import { serviceRules } from './nftables/service-rules';

export interface ProxyInformers {
  readonly services: SharedInformer<Service>;
  readonly slices: SharedInformer<EndpointSlice>;
  readonly nodes: SharedInformer<Node>;
}

export interface ProxierDeps extends ProxyInformers {
  readonly netfilter: Netfilter;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ProxyMetrics;
}

export interface ProxierConfig {
  readonly nodeName: string;
  readonly family: Family;
  readonly clusterCidr?: string;
  /** Changes that come closer together than this are applied together. */
  readonly minSyncMs: number;
  readonly table: string;
}

const byService = 'service';
const sliceIndexers = {
  [byService]: ({ metadata: { namespace = '', labels } }: EndpointSlice): string[] => [
    `${namespace}/${labels?.['kubernetes.io/service-name'] ?? ''}`,
  ],
};

const retryMs = 1_000;

/** Keeps the kernel's table equal to what Services and their endpoints say, until aborted. The table stays when it stops. */
export async function runProxier(deps: ProxierDeps, config: ProxierConfig, signal: AbortSignal): Promise<void> {
  const { clock, log, metrics } = deps;
  deps.slices.addIndexers(sliceIndexers);
  const changes = watchChanges(deps, config);
  await Promise.all([deps.services, deps.slices, deps.nodes].map((informer) => informer.synced(signal)));
  changes.addAll(
    deps.services.lister.list().map((service) => `${service.metadata.namespace ?? ''}/${service.metadata.name}`),
  );

  const parts = new Map<string, RulesetPart>();
  let applied: Ruleset | undefined;
  while (await changes.wait(signal)) {
    const startMs = clock.now();
    const { names, oldestTriggerMs } = changes.take();
    refresh(deps, config, parts, names);
    const next = combine([...parts.values(), addressPart(deps, config)]);
    const kind = applied ? 'partial' : 'full';
    const script = applied
      ? incrementalScript(applied, next, config.family, config.table)
      : fullScript(next, config.family, config.table);
    try {
      if (script !== '') await deps.netfilter.apply(script, signal);
      applied = next;
      const synced = { kind, seconds: (clock.now() - startMs) / 1000, nowMs: clock.now(), oldestTriggerMs } as const;
      observe(metrics, familyLabel(config), synced);
      await clock.sleep(config.minSyncMs, signal);
    } catch (err) {
      if (signal.aborted) return;
      // What the kernel has is not known any more: start again from nothing.
      applied = undefined;
      metrics.failures.inc(familyLabel(config));
      log.error('could not apply the rules; they will be written anew', err);
      changes.addAll(names);
      await clock.sleep(retryMs, signal);
    }
  }
}

function refresh(
  { services, slices }: ProxierDeps,
  { nodeName, family, clusterCidr }: ProxierConfig,
  parts: Map<string, RulesetPart>,
  names: Iterable<string>,
): void {
  for (const name of names) {
    const [namespace = '', service = ''] = name.split('/');
    const found = services.lister.get({ namespace, name: service });
    const ports =
      found && !isHandledElsewhere(found)
        ? servicePorts(found, slices.lister.byIndex(byService, name), { nodeName, family })
        : [];
    if (ports.length === 0) {
      parts.delete(name);
      continue;
    }
    const rules = ports.map((port) =>
      serviceRules(port, { family, ...(clusterCidr !== undefined && { clusterCidr }) }),
    );
    parts.set(name, {
      chains: rules.flatMap(({ chains }) => chains),
      elements: rules.flatMap(({ elements }) => elements),
      affinities: rules.flatMap(({ affinities }) => affinities),
    });
  }
}

/** Services that name another proxy are that one's (KEP-2447). */
const isHandledElsewhere = ({ metadata: { labels } }: Service): boolean =>
  labels?.['service.kubernetes.io/service-proxy-name'] !== undefined;

/** The addresses on which this node answers node ports. */
function addressPart({ nodes }: ProxierDeps, { nodeName, family }: ProxierConfig): RulesetPart {
  const addresses = nodes.lister.get({ name: nodeName })?.status?.addresses ?? [];
  const own = addresses.filter(
    ({ type, address }) => type === 'InternalIP' && address.includes(':') === (family === 'ip6'),
  );
  return { chains: [], elements: own.map(({ address }) => ['nodeport-ips', address, ''] as const), affinities: [] };
}

interface FamilyLabel {
  readonly ip_family: 'IPv4' | 'IPv6';
}

const familyLabel = ({ family }: ProxierConfig): FamilyLabel => ({ ip_family: family === 'ip' ? 'IPv4' : 'IPv6' });

interface Synced {
  readonly kind: 'full' | 'partial';
  readonly seconds: number;
  readonly nowMs: number;
  readonly oldestTriggerMs: number | undefined;
}

function observe(metrics: ProxyMetrics, label: FamilyLabel, { kind, seconds, nowMs, oldestTriggerMs }: Synced): void {
  metrics.sync.observe(label, seconds);
  (kind === 'full' ? metrics.fullSync : metrics.partialSync).observe(label, seconds);
  metrics.lastSync.set(label, nowMs / 1000);
  if (oldestTriggerMs !== undefined) metrics.programming.observe(label, Math.max(0, nowMs - oldestTriggerMs) / 1000);
}

interface Changes {
  addAll(names: Iterable<string>): void;
  /** True once something has changed; false when aborted. */
  wait(signal: AbortSignal): Promise<boolean>;
  take(): { readonly names: ReadonlySet<string>; readonly oldestTriggerMs: number | undefined };
}

const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Collects the names of Services whose rules may have changed. */
function watchChanges({ services, slices, nodes, clock, metrics }: ProxierDeps, config: ProxierConfig): Changes {
  const { nodeName } = config;
  const label = familyLabel(config);
  // What changed before this process was there is not its delay.
  const sinceMs = clock.now();
  let names = new Set<string>();
  let addressesChanged = false;
  let oldestTriggerMs: number | undefined;
  let wake: (() => void) | undefined;

  const add = (name: string): void => {
    names.add(name);
    metrics.lastQueued.set(label, clock.now() / 1000);
    wake?.();
  };
  const service = ({ metadata: { namespace = '', name } }: Service): void => {
    metrics.serviceChanges.inc();
    add(`${namespace}/${name}`);
  };
  const slice = (changed: EndpointSlice): void => {
    metrics.endpointChanges.inc();
    const triggerMs = Date.parse(changed.metadata.annotations?.[triggerAnnotation] ?? '');
    if (triggerMs >= sinceMs) oldestTriggerMs = Math.min(oldestTriggerMs ?? Infinity, triggerMs);
    sliceIndexers[byService](changed).forEach(add);
  };
  const node = ({ metadata: { name } }: Node): void => {
    if (name !== nodeName) return;
    addressesChanged = true;
    wake?.();
  };
  services.addEventHandler({ onAdd: service, onUpdate: (_, now) => service(now), onDelete: service });
  slices.addEventHandler({ onAdd: slice, onUpdate: (_, now) => slice(now), onDelete: slice });
  nodes.addEventHandler({ onAdd: node, onUpdate: (old, now) => (sameAddresses(old, now) ? undefined : node(now)) });

  return {
    addAll(more) {
      for (const name of more) names.add(name);
      addressesChanged = true;
    },
    async wait(signal) {
      while (names.size === 0 && !addressesChanged && !signal.aborted) {
        const changed = Promise.withResolvers<undefined>();
        wake = () => changed.resolve(undefined);
        using _ = onAbort(signal, wake);
        await changed.promise;
      }
      wake = undefined;
      return !signal.aborted;
    },
    take() {
      const taken = { names, oldestTriggerMs };
      names = new Set();
      addressesChanged = false;
      oldestTriggerMs = undefined;
      return taken;
    },
  };
}

const sameAddresses = (a: Node, b: Node): boolean =>
  JSON.stringify(a.status?.addresses) === JSON.stringify(b.status?.addresses);
