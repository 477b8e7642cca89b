import { is, microTime, type ObjectKey } from '@kubephant/api';
import { newGroup, systemClock, type Clock, type Gauge, type Logger, type Metrics, type Run } from '@kubephant/base';
import { leases, type Client } from '@kubephant/client';
import type { Lease, LeaseSpec } from '@kubephant/schema';

export interface LeaderElectionConfig {
  readonly lease: ObjectKey & { readonly namespace: string };
  /** Unique per process. */
  readonly identity: string;
  readonly leaseDurationMs?: number;
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
}

export interface LeaderElectionDeps {
  readonly client: Client;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly metrics?: LeaderElectionMetrics;
  readonly random?: () => number;
}

export type LeaderElectionMetrics = Gauge<'name'>;

export function newLeaderElectionMetrics(metrics: Metrics): LeaderElectionMetrics {
  return metrics.gauge(
    'leader_election_master_status',
    "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master. 'name' is the string used to identify the lease. Please make sure to group by name.",
    ['name'],
  );
}

const jitter = 1.2;
const unreachedRetryMs = 250;

/**
 * Runs `lead` while this process holds the lease, and competes for it again when it was lost, until aborted; a lease that
 * is held on abort is released. `lead` is aborted (and awaited) before anything else happens when renewal fails for
 * `renewDeadlineMs`. Only local clocks are compared, so two leaders are possible for a moment: every write must carry a
 * resourceVersion or be harmless twice. Rejects only if `lead` does.
 */
export async function runWithLease(
  config: LeaderElectionConfig,
  deps: LeaderElectionDeps,
  lead: Run,
  signal: AbortSignal,
): Promise<void> {
  const elector = new Elector(config, deps);
  while (!signal.aborted) {
    if (await elector.acquire(signal)) await elector.leadWhileHeld(lead, signal);
  }
}

class Elector {
  readonly #config: Required<LeaderElectionConfig>;
  readonly #client: Client;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #metrics: LeaderElectionMetrics | undefined;
  /** The lease as last seen, and when its content last changed by our own clock. */
  #seen: Lease | undefined;
  #seenMs = 0;

  constructor(config: LeaderElectionConfig, { client, log, clock, random, metrics }: LeaderElectionDeps) {
    this.#config = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000, ...config };
    this.#client = client;
    this.#log = log.with({ lease: `${config.lease.namespace}/${config.lease.name}` });
    this.#clock = clock ?? systemClock;
    this.#random = random ?? Math.random;
    this.#metrics = metrics;
    this.#report(false);
  }

  /** Tries until the lease is ours; false when aborted before. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    this.#log.info('Attempting to acquire leader lease');
    while (!signal.aborted) {
      if (await this.#tryOnce(signal)) return true;
      // A server that is still starting is worth asking again soon; a lease that is held is not.
      const waitMs = this.#seen ? this.#config.retryPeriodMs : Math.min(unreachedRetryMs, this.#config.retryPeriodMs);
      await this.#clock.sleep(waitMs * (1 + (jitter - 1) * this.#random()), signal);
    }
    return false;
  }

  async leadWhileHeld(lead: Run, signal: AbortSignal): Promise<void> {
    this.#log.info('Acquired leader lease');
    this.#report(true);
    const term = newGroup(signal);
    term.go('leader', async (termSignal) => {
      await lead(termSignal);
      if (!termSignal.aborted) throw new Error('the leader ended by itself');
    });
    const renewal = this.#renewUntilLost(term.signal).then(() => term.stop());
    try {
      await term.wait();
    } finally {
      term.stop();
      await renewal;
      this.#report(false);
      await this.#release();
    }
    if (!signal.aborted) this.#log.warn('Lost leader lease');
  }

  /** Returns when aborted or when the lease could not be renewed for the renew deadline. */
  async #renewUntilLost(signal: AbortSignal): Promise<void> {
    const { renewDeadlineMs, retryPeriodMs } = this.#config;
    let renewedMs = this.#clock.now();
    while (!signal.aborted) {
      await this.#clock.sleep(retryPeriodMs, signal);
      const leftMs = renewedMs + renewDeadlineMs - this.#clock.now();
      if (leftMs <= 0) return;
      if (await this.#tryWithin(leftMs, signal)) renewedMs = this.#clock.now();
      else if (this.#clock.now() - renewedMs >= renewDeadlineMs || this.#heldByAnother()) return;
    }
  }

  /** A server that does not answer must not keep us leading. */
  async #tryWithin(ms: number, signal: AbortSignal): Promise<boolean> {
    const ended = new AbortController();
    const attempt = AbortSignal.any([signal, ended.signal]);
    const deadline = this.#clock.sleep(ms, attempt).then(() => ended.abort());
    try {
      return await this.#tryOnce(attempt);
    } finally {
      ended.abort();
      await deadline;
    }
  }

  /** Takes or renews the lease if it is ours, free or expired; false when it is not to be had or the server failed. */
  async #tryOnce(signal: AbortSignal): Promise<boolean> {
    try {
      const current = await this.#read(signal);
      if (current) this.#observe(current);
      if (current && this.#heldByAnother()) return false;
      this.#observe(await this.#write(current, signal));
      return true;
    } catch (err) {
      if (!signal.aborted) {
        const error = err instanceof Error ? err.message : String(err);
        this.#log.v(2).info('Failed to take or renew the lease', { error });
      }
      return false;
    }
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#client.resource(leases).get(this.#config.lease, signal);
    } catch (err) {
      if (is('NotFound', err)) return undefined;
      throw err;
    }
  }

  async #write(current: Lease | undefined, signal: AbortSignal): Promise<Lease> {
    const resource = this.#client.resource(leases);
    const spec = this.#nextSpec(current?.spec);
    if (current) return await resource.update({ ...current, spec }, signal);
    const metadata = { ...this.#config.lease };
    return await resource.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }, signal);
  }

  #nextSpec(current: LeaseSpec | undefined): LeaseSpec {
    const { identity, leaseDurationMs } = this.#config;
    const now = microTime(this.#clock.now());
    const ours = current?.holderIdentity === identity;
    const transitions = current?.leaseTransitions ?? 0;
    return {
      ...current,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
      acquireTime: (ours ? current.acquireTime : undefined) ?? now,
      renewTime: now,
      leaseTransitions: ours || !current ? transitions : transitions + 1,
    };
  }

  #observe(lease: Lease): void {
    if (lease.metadata.resourceVersion === this.#seen?.metadata.resourceVersion) return;
    this.#seen = lease;
    this.#seenMs = this.#clock.now();
  }

  #heldByAnother(): boolean {
    const { holderIdentity: holder, leaseDurationSeconds = 0 } = this.#seen?.spec ?? {};
    if (!holder || holder === this.#config.identity) return false;
    return this.#clock.now() - this.#seenMs < leaseDurationSeconds * 1000;
  }

  /** Lets the next one in at once: nobody holds the lease any more, and what is left of it is one second. */
  async #release(): Promise<void> {
    const held = this.#seen;
    if (!held?.spec || held.spec.holderIdentity !== this.#config.identity) return;
    const now = microTime(this.#clock.now());
    const { leaseTransitions } = held.spec;
    const spec: LeaseSpec = {
      holderIdentity: '',
      leaseDurationSeconds: 1,
      acquireTime: now,
      renewTime: now,
      ...(leaseTransitions !== undefined && { leaseTransitions }),
    };
    try {
      const bounded = AbortSignal.timeout(this.#config.renewDeadlineMs);
      this.#observe(await this.#client.resource(leases).update({ ...held, spec }, bounded));
    } catch (err) {
      // The lease runs out by itself; the next leader only has to wait for that.
      this.#log.v(2).info('Failed to release the lease', { error: err instanceof Error ? err.message : String(err) });
    }
  }

  #report(leading: boolean): void {
    this.#metrics?.set({ name: this.#config.lease.name }, leading ? 1 : 0);
  }
}
