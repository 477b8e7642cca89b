import { onAbort, type Clock, type Logger } from '@kubephant/base';
import type { SharedInformer } from '@kubephant/informer';
import type { Routes } from '@kubephant/node';
import type { Node } from '@kubephant/schema';

export interface NodeRoutesDeps {
  readonly nodes: SharedInformer<Node>;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly log: Logger;
}

const retryMs = 1_000;

/** The way to every other node's pods: pod range to node address. Pure. */
export function wantedRoutes(nodes: readonly Node[], self: string): ReadonlyMap<string, string> {
  const others = nodes.filter(({ metadata: { name } }) => name !== self);
  return new Map(
    others.flatMap(({ spec, status }) => {
      const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
      return address === undefined ? [] : (spec.podCIDRs ?? []).map((cidr) => [cidr, address] as const);
    }),
  );
}

/** Keeps routes to the pods of the other nodes, which must be neighbours on one network, until aborted. */
export async function runNodeRoutes(
  { nodes, routes, clock, log }: NodeRoutesDeps,
  nodeName: string,
  signal: AbortSignal,
): Promise<void> {
  let changed = Promise.withResolvers<undefined>();
  const wake = (): void => changed.resolve(undefined);
  nodes.addEventHandler({ onAdd: wake, onUpdate: wake, onDelete: wake });
  using _ = onAbort(signal, wake);
  await nodes.synced(signal);
  let present: ReadonlyMap<string, string> = new Map();
  while (!signal.aborted) {
    changed = Promise.withResolvers();
    const wanted = wantedRoutes(nodes.lister.list(), nodeName);
    try {
      await change(routes, present, wanted, signal);
      present = wanted;
      await changed.promise;
    } catch (err) {
      log.error('could not set the routes to other nodes', err);
      await clock.sleep(retryMs, signal);
    }
  }
}

async function change(
  routes: Routes,
  present: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  for (const [cidr, via] of wanted) {
    if (present.get(cidr) !== via) await routes.replace(cidr, via, signal);
  }
  for (const cidr of present.keys()) {
    if (!wanted.has(cidr)) await routes.remove(cidr, signal);
  }
}
