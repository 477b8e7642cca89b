import { isDeepStrictEqual } from 'node:util';
import { newGroup, type Clock, type Logger, type Metrics, type Run } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { APIService } from '@kubephant/schema';
import type { Authenticated, Dialer } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { newTrigger } from '../bootstrap/trigger';
import type { Route } from '../build-handler';
import type { Discovery } from '../discovery/discovery';
import { persistently } from '../persistently';
import type { View } from '../views/view';
import { syncApiServices } from './autoregister';
import { newAggregationMetrics } from './metrics';
import { newAggregationProxy } from './proxy';
import { RemoteDocuments, type RemoteOpenApi } from './remote-openapi';
import { ApiServiceWatcher } from './watcher';

export interface AggregationDependencies {
  readonly apiServices: View<APIService>;
  readonly store: Pick<Store, 'get' | 'list'>;
  readonly dialer: Dialer;
  readonly discovery: Discovery;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The part of the server that makes several API servers look like one. */
export interface Aggregation {
  /** Answers requests for group versions of other servers. */
  readonly route: Route<Authenticated>;
  /** What other servers describe. */
  readonly openApi: RemoteOpenApi;
  /** Makes API services of what is served here, and watches over those of other servers, until the signal aborts. */
  run(client: Client, done: () => void, signal: AbortSignal): Promise<void>;
}

/** How often it is looked after that what is served has its API services, even if nothing has changed. */
const upkeepMs = 300_000;

export function newAggregation(deps: AggregationDependencies): Aggregation {
  const { discovery, clock } = deps;
  const metrics = newAggregationMetrics(deps.metrics);
  const documents = new RemoteDocuments(deps);
  const onChange: ConstructorParameters<typeof ApiServiceWatcher>[0]['onChange'] = (services) => {
    metrics.aggregated();
    discovery.update({ services });
  };
  const onOpenApi = (urls: ReadonlyMap<string, string>): void => documents.update(urls);
  const register =
    (client: Client, done: () => void): Run =>
    async (signal) => {
      const synced = new Set<string>();
      const changed = newTrigger(clock);
      discovery.onResources(() => changed.raise());
      deps.apiServices.onChange((before, after) => {
        if (before && !isDeepStrictEqual(before.spec, after?.spec)) changed.raise();
      });
      while (!signal.aborted) {
        await syncApiServices(client, discovery.resources, synced, signal);
        done();
        await changed.wait(upkeepMs, signal);
      }
    };
  return {
    route: newAggregationProxy(deps),
    openApi: documents,
    async run(client, done, signal) {
      const group = newGroup(signal);
      const watcher = new ApiServiceWatcher({ ...deps, client, metrics, onChange, onOpenApi });
      const registration = 'registration of API services';
      group.go(registration, persistently(registration, register(client, done), deps));
      group.go('availability of API services', (stop) => watcher.run(stop));
      await group.wait();
    },
  };
}
