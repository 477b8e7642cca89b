import { type Draft, is, microTime } from '@kubephant/api';
import { newGroup, type Clock, type Logger, type Run } from '@kubephant/base';
import { leases, nodes, type Client } from '@kubephant/client';
import type { Lease, Node, NodeStatus, Taint } from '@kubephant/schema';
import { nodeLabels, nodeStatus, saysMore, type NodeFacts } from './node-status';

export interface NodeAgentConfig {
  readonly nodeName: string;
  readonly registerNode: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

export interface NodeAgentDeps {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly facts: (signal: AbortSignal) => Promise<NodeFacts>;
  /** The node as it was last written, or read. */
  readonly observed: (node: Node, signal: AbortSignal) => Promise<void>;
}

/** Keeps the cluster informed that the node is there, alive and well. */
export interface NodeAgent {
  readonly run: Run;
  /** Resolves once the node is registered. */
  registered(): Promise<void>;
}

/**
 * Look every 10 s (much oftener while the node is not ready), tell what changed, and tell that nothing did every 5 min;
 * renew the lease every 10 s.
 */
const periods = { statusMs: 10_000, unreadyMs: 250, reportMs: 300_000, leaseMs: 10_000, retryMs: 1000 };
const leaseSeconds = 40;
const leaseNamespace = 'kube-node-lease';

export function newNodeAgent(deps: NodeAgentDeps, config: NodeAgentConfig): NodeAgent {
  const registration = Promise.withResolvers<undefined>();
  return {
    registered: () => registration.promise.then(() => undefined),
    async run(signal) {
      const group = newGroup(signal);
      group.go('node lease', (inner) => keepLease(deps, config, inner));
      group.go('node status', async (inner) => {
        await until(deps, inner, 'register the node', () => register(deps, config, inner));
        registration.resolve(undefined);
        await keepStatus(deps, config, inner);
      });
      await group.wait();
    },
  };
}

/** A call, so that the compiler does not take what it saw before a wait for what is so after it. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;

/** Tries until it works. */
async function until(
  { clock, log }: NodeAgentDeps,
  signal: AbortSignal,
  what: string,
  attempt: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await attempt();
      return;
    } catch (err) {
      if (isOver(signal)) return;
      log.error(`Unable to ${what}`, err);
    }
    await clock.sleep(periods.retryMs, signal);
  }
}

async function register(deps: NodeAgentDeps, config: NodeAgentConfig, signal: AbortSignal): Promise<void> {
  const { client, observed } = deps;
  const resource = client.resource(nodes);
  const facts = await deps.facts(signal);
  const labels = nodeLabels(facts, config.labels);
  try {
    const found = await resource.get({ name: config.nodeName }, signal);
    const missing = Object.entries(labels).some(([key, value]) => found.metadata.labels?.[key] !== value);
    const current = missing
      ? await resource.patch({ name: config.nodeName }, { type: 'merge', body: { metadata: { labels } } }, signal)
      : found;
    await observed(await writeStatus(deps, current, facts, signal), signal);
  } catch (err) {
    if (!is('NotFound', err) || !config.registerNode) throw err;
    const created = await resource.create(newNode(config, facts, labels), signal);
    // Whether a status given at creation is kept is up to the server.
    const full = saysMore(created.status, nodeStatus(facts, created.status));
    await observed(full ? await writeStatus(deps, created, facts, signal) : created, signal);
  }
}

function newNode({ nodeName, taints }: NodeAgentConfig, facts: NodeFacts, labels: Record<string, string>): Draft<Node> {
  const annotations = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName, labels, annotations },
    spec: taints.length > 0 ? { taints: [...taints] } : {},
    status: nodeStatus(facts, undefined),
  };
}

async function keepStatus(deps: NodeAgentDeps, config: NodeAgentConfig, signal: AbortSignal): Promise<void> {
  const { client, clock, log, observed } = deps;
  let reportedMs = clock.now();
  let ready = false;
  while (!signal.aborted) {
    await clock.sleep(ready ? periods.statusMs : periods.unreadyMs, signal);
    if (isOver(signal)) return;
    try {
      const facts = await deps.facts(signal);
      const current = await client.resource(nodes).get({ name: config.nodeName }, signal);
      await observed(current, signal);
      ready = isReady(nodeStatus(facts, current.status));
      const due = clock.now() - reportedMs >= periods.reportMs;
      if (!due && !saysMore(current.status, nodeStatus(facts, current.status))) continue;
      await observed(await writeStatus(deps, current, facts, signal), signal);
      reportedMs = clock.now();
    } catch (err) {
      if (isOver(signal)) return;
      log.error('Error updating node status, will retry', err);
      // A node that was deleted comes back by itself.
      if (is('NotFound', err)) await until(deps, signal, 'register the node', () => register(deps, config, signal));
    }
  }
}

function isReady({ conditions = [] }: NodeStatus): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

async function writeStatus(
  { client }: NodeAgentDeps,
  node: Node,
  facts: NodeFacts,
  signal: AbortSignal,
): Promise<Node> {
  const status = nodeStatus(facts, node.status);
  const { uid, resourceVersion } = node.metadata;
  const body = { metadata: { uid, resourceVersion }, status };
  return await client
    .resource(nodes)
    .patch({ name: node.metadata.name }, { type: 'merge', body }, signal, { subresource: 'status' });
}

async function keepLease(deps: NodeAgentDeps, { nodeName }: NodeAgentConfig, signal: AbortSignal): Promise<void> {
  const { client, clock, log } = deps;
  const resource = client.resource(leases);
  const key = { namespace: leaseNamespace, name: nodeName };
  let current: Lease | undefined;
  while (!signal.aborted) {
    const renewTime = microTime(clock.now());
    const spec = { holderIdentity: nodeName, leaseDurationSeconds: leaseSeconds, renewTime };
    let restMs = periods.leaseMs;
    try {
      current = current
        ? await resource.update({ ...current, spec: { ...current.spec, ...spec } }, signal)
        : await resource.create(
            {
              apiVersion: 'coordination.k8s.io/v1',
              kind: 'Lease',
              metadata: { ...key, ...(await ownedByNode(client, nodeName, signal)) },
              spec,
            },
            signal,
          );
    } catch (err) {
      if (isOver(signal)) return;
      // Somebody else wrote it, or it was there from an earlier life: go on from how it is now.
      current = is('NotFound', err) ? undefined : await resource.get(key, signal).catch(() => undefined);
      restMs = periods.retryMs;
      if (!is('AlreadyExists', err) && !is('Conflict', err))
        log.v(1).info('Node lease not renewed', { err: String(err) });
    }
    await clock.sleep(restMs, signal);
  }
}

/** The lease goes with its node. A node that is not registered yet owns nothing. */
async function ownedByNode(
  client: Client,
  name: string,
  signal: AbortSignal,
): Promise<Pick<Lease['metadata'], 'ownerReferences'>> {
  const node = await client.resource(nodes).get({ name }, signal);
  return { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid }] };
}
