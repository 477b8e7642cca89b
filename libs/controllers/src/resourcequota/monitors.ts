import type { KubeObject } from '@kubephant/api';
import type { Group } from '@kubephant/base';
import type { ResourceRef } from '@kubephant/client';
import { listerWatcher, newSharedInformer } from '@kubephant/informer';
import { countedBy, objectCount, type Evaluator } from '@kubephant/quota';
import type { ControllerContext } from '../common/context';
import { resolve } from './resolve';
import { specials, type Sight, type Special } from './specials';

/** What cannot be listed must not keep everything else from being counted. */
const patienceMs = 5000;

/** Objects of one resource, in sight. */
export interface Monitor extends Sight {
  readonly evaluator: Evaluator;
  /** Of a resource that was looked up by its name: as the server had it then. */
  readonly ref?: ResourceRef;
  readonly stop?: () => void;
}

/** Told of every object that is new, other than it was, or gone. */
export type Changed = (monitor: Monitor, obj: KubeObject, how: 'new' | 'other' | 'gone') => void;

export const isReady = ({ informer, beside }: Monitor): boolean =>
  [informer, ...beside].every(({ hasSynced }) => hasSynced);

/** Watches the objects of what quotas limit, and of nothing else. */
export class Monitors {
  readonly #context: ControllerContext;
  readonly #group: Group;
  readonly #changed: Changed;
  readonly #specials: readonly Special[];
  readonly #running = new Map<string, Monitor>();

  constructor(context: ControllerContext, group: Group, changed: Changed) {
    this.#context = context;
    this.#group = group;
    this.#changed = changed;
    this.#specials = specials(context);
  }

  /**
   * Watches what limits of these names are about, and waits for a while until that is in sight. Returns all that count it
   * and could be found.
   */
  async watch(names: readonly string[], signal: AbortSignal): Promise<readonly Monitor[]> {
    const found: Monitor[] = [];
    for (const resource of new Set(names.flatMap((name) => this.#resourcesOf(name)))) {
      const monitor = this.#running.get(resource) ?? (await this.#start(resource, signal));
      if (monitor) found.push(monitor);
    }
    await this.#inSight(found, signal);
    return found;
  }

  has(monitor: Monitor): boolean {
    return [...this.#running.values()].includes(monitor);
  }

  /** Stops watching what the server no longer has, or has otherwise. */
  async follow(signal: AbortSignal): Promise<void> {
    for (const [resource, { ref, stop }] of this.#running) {
      if (!ref || (await resolve(this.#context.client, resource, signal))?.version === ref.version) continue;
      stop?.();
      this.#running.delete(resource);
    }
  }

  async #inSight(monitors: readonly Monitor[], signal: AbortSignal): Promise<void> {
    const late = monitors.filter((monitor) => !isReady(monitor));
    if (late.length === 0) return;
    const enough = new AbortController();
    const waiting = AbortSignal.any([signal, enough.signal]);
    const timeout = this.#context.clock.sleep(patienceMs, waiting).then(() => enough.abort());
    const informers = late.flatMap(({ informer, beside }) => [informer, ...beside]);
    await Promise.allSettled(informers.map((informer) => informer.synced(waiting)));
    enough.abort();
    await timeout;
  }

  #resourcesOf(name: string): readonly string[] {
    const special = this.#specials.filter(({ mayCount }) => mayCount(name)).map(({ resource }) => resource);
    const counted = countedBy(name);
    return special.length > 0 || counted === undefined ? special : [counted];
  }

  async #start(resource: string, signal: AbortSignal): Promise<Monitor | undefined> {
    const special = this.#specials.find((each) => each.resource === resource);
    const monitor: Monitor | undefined = special
      ? { evaluator: special.evaluator, ...special.open() }
      : await this.#startCounting(resource, signal);
    // Somebody else may have been faster.
    const known = this.#running.get(resource);
    if (known) monitor?.stop?.();
    if (known || !monitor) return known;
    this.#running.set(resource, monitor);
    monitor.informer.addEventHandler({
      onAdd: (obj) => this.#changed(monitor, obj, 'new'),
      onUpdate: (_, obj) => this.#changed(monitor, obj, 'other'),
      onDelete: (obj) => this.#changed(monitor, obj, 'gone'),
    });
    return monitor;
  }

  async #startCounting(resource: string, signal: AbortSignal): Promise<Monitor | undefined> {
    const { client, clock, log } = this.#context;
    const ref = await resolve(client, resource, signal);
    if (!ref) return undefined;
    const source = listerWatcher(client.metadata(ref));
    const informer = newSharedInformer({ name: `count of ${resource}`, source, transform: essence }, { clock, log });
    const stop = new AbortController();
    this.#group.go(`count of ${resource}`, (s) => informer.run(AbortSignal.any([s, stop.signal])));
    return { evaluator: objectCount(resource), informer, beside: [], ref, stop: () => stop.abort() };
  }
}

/** Nothing is kept but that it is there. */
function essence({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: { name, uid, resourceVersion, ...(namespace && { namespace }) } };
}
