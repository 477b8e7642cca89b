import { is, timestamp } from '@kubephant/api';
import type { Clock, Logger } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { APIService, APIServiceCondition } from '@kubephant/schema';
import type { Dialer } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { apiServices } from '../bootstrap/refs';
import { newTrigger } from '../bootstrap/trigger';
import type { DiscoveredService } from '../discovery/groups';
import type { View } from '../views/view';
import { localAvailability, obstacleOf, type Availability } from './availability';
import { readService } from './endpoints';
import type { AggregationMetrics } from './metrics';
import { probe, type Finding } from './probe';
import { availabilityOf, remoteOf, type RemoteService } from './remote-service';

export interface WatcherDependencies {
  readonly apiServices: View<APIService>;
  readonly client: Client;
  readonly store: Pick<Store, 'get' | 'list'>;
  readonly dialer: Dialer;
  readonly metrics: AggregationMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of all API services after every round that has changed something. */
  readonly onChange: (services: readonly DiscoveredService[]) => void;
  /** Told after every round where available servers have their documents, by API service. */
  readonly onOpenApi: (urls: ReadonlyMap<string, string>) => void;
}

/** How often services and their endpoints are looked at: from memory, so it costs nearly nothing. */
const roundMs = 1000;
/** Without other servers only changes of API services matter, which are told. */
const idleMs = 300_000;
/** How often a server that answers is asked again, and one that does not. */
const healthyMs = 30_000;
const failingMs = 5000;

interface Known extends Finding {
  /** What was asked, and when. */
  readonly about: string;
  readonly sinceMs: number;
  readonly stale: boolean;
}

/** Finds out who of the servers behind API services answers, and with which resources. */
export class ApiServiceWatcher {
  readonly #deps: WatcherDependencies;
  readonly #known = new Map<string, Known>();
  #told = '';

  constructor(deps: WatcherDependencies) {
    this.#deps = deps;
  }

  /** Goes on until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { apiServices: view, clock } = this.#deps;
    const changed = newTrigger(clock);
    view.onChange(() => changed.raise());
    while (!signal.aborted) {
      await this.#round(signal);
      const hasOthers = [...view.values()].some(({ spec }) => spec.service);
      await changed.wait(hasOthers ? roundMs : idleMs, signal);
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const all = [...this.#deps.apiServices.values()];
    const names = new Set(all.map(({ metadata }) => metadata.name));
    for (const name of this.#known.keys()) {
      if (names.has(name)) continue;
      this.#known.delete(name);
      this.#deps.metrics.forget(name);
    }
    await Promise.all(all.map((apiService) => this.#check(apiService, signal)));
    this.#deps.onOpenApi(this.#openApiUrls());
    const services = all.map((apiService) => this.#described(apiService));
    const telling = JSON.stringify(services);
    if (signal.aborted || telling === this.#told) return;
    this.#told = telling;
    this.#deps.onChange(services);
  }

  #openApiUrls(): ReadonlyMap<string, string> {
    const known = [...this.#known].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(known.flatMap(([name, { openApiUrl }]) => (openApiUrl === undefined ? [] : [[name, openApiUrl]])));
  }

  async #check(apiService: APIService, signal: AbortSignal): Promise<void> {
    try {
      const remote = remoteOf(apiService);
      const availability = remote ? await this.#remoteAvailability(remote, signal) : localAvailability;
      if (signal.aborted) return;
      this.#deps.metrics.observe(apiService.metadata.name, availability);
      await this.#publish(apiService, availability, signal);
    } catch (err) {
      if (signal.aborted) return;
      this.#deps.log.error('cannot check API service', err, { apiService: apiService.metadata.name });
    }
  }

  async #remoteAvailability(remote: RemoteService, signal: AbortSignal): Promise<Availability> {
    const { store, dialer, clock } = this.#deps;
    const state = await readService(store, remote.service);
    const obstacle = obstacleOf(remote, state);
    const before = this.#known.get(remote.name);
    const about = JSON.stringify([remote, state.service?.spec, obstacle]);
    const now = clock.now();
    if (before?.about === about && now - before.sinceMs < patienceWith(before)) return before.availability;
    const found = obstacle ? { availability: obstacle } : await probe(remote, state, dialer, signal);
    const resources = found.resources ?? before?.resources;
    const stale = found.resources === undefined;
    this.#known.set(remote.name, { ...found, ...(resources && { resources }), about, sinceMs: now, stale });
    return found.availability;
  }

  async #publish(apiService: APIService, availability: Availability, signal: AbortSignal): Promise<void> {
    const held = availabilityOf(apiService);
    if (held && isSame(held, availability)) return;
    const now = timestamp(this.#deps.clock.now());
    const since = held?.status === availability.status ? (held.lastTransitionTime ?? now) : now;
    const condition = { type: 'Available', ...availability, lastTransitionTime: since };
    const others = (apiService.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
    const status = { ...apiService.status, conditions: [...others, condition] };
    try {
      await this.#deps.client
        .resource(apiServices)
        .update({ ...apiService, status }, signal, { subresource: 'status' });
    } catch (err) {
      // Another server has said the same, or it is gone: what is the case comes as a change.
      if (!is('Conflict', err) && !is('NotFound', err)) throw err;
    }
  }

  #described(apiService: APIService): DiscoveredService {
    const { group = '', version = '', groupPriorityMinimum, versionPriority } = apiService.spec;
    const priority = { group: groupPriorityMinimum, version: versionPriority };
    const { resources = [], stale = true } = this.#known.get(apiService.metadata.name) ?? {};
    return { group, version, priority, ...(remoteOf(apiService) && { remote: { resources, stale } }) };
  }
}

const patienceWith = ({ availability }: Known): number => (availability.status === 'True' ? healthyMs : failingMs);

const isSame = (held: APIServiceCondition, wanted: Availability): boolean =>
  held.status === wanted.status && held.reason === wanted.reason && held.message === wanted.message;
