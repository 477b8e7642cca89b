import { newMetrics, silent, untilAborted } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { leases } from '@kubephant/client';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import { newLeaderElectionMetrics, runWithLease } from './leader-election';

const lease = { namespace: 'kube-system', name: 'it' };

interface Candidate {
  readonly terms: string[];
  stop(): Promise<void>;
}

function newCandidate(identity: string, { cluster, clock }: { cluster: FakeCluster; clock: FakeClock }): Candidate {
  const terms: string[] = [];
  const stop = new AbortController();
  const lead = async (signal: AbortSignal): Promise<void> => {
    terms.push(`${clock.now()} leads`);
    await untilAborted(signal);
    terms.push(`${clock.now()} ends`);
  };
  const deps = { client: cluster.client, clock, log: silent, random: () => 0 };
  const running = runWithLease({ lease, identity }, deps, lead, stop.signal);
  return {
    terms,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

const newRig = (): { cluster: FakeCluster; clock: FakeClock } => {
  const clock = newFakeClock();
  return { clock, cluster: newFakeCluster(clock) };
};
const holder = (cluster: FakeCluster): unknown => cluster.get(leases, lease)?.spec.holderIdentity;

describe('leader election', () => {
  it('lets one lead, and the next as soon as it stops', async () => {
    const rig = newRig();
    const a = newCandidate('a', rig);
    await rig.clock.advance(100);
    const b = newCandidate('b', rig);
    await rig.clock.advance(60_000);
    expect([a.terms, b.terms, holder(rig.cluster)]).toEqual([['0 leads'], [], 'a']);
    await a.stop();
    expect(rig.cluster.get(leases, lease)?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await rig.clock.advance(2000);
    expect(b.terms).toEqual(['62100 leads']);
    await b.stop();
    expect(rig.cluster.get(leases, lease)?.spec.leaseTransitions).toBe(1);
    expect(rig.clock.sleepers).toBe(0);
  });

  it('takes over a lease that is not renewed for its duration by the own clock', async () => {
    const rig = newRig();
    const spec = { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: '2099-01-01T00:00:00.000000Z' };
    rig.cluster.seed(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: lease, spec });
    const a = newCandidate('a', rig);
    await rig.clock.advance(20_000);
    expect(a.terms).toEqual(['16000 leads']);
    await a.stop();
  });

  it('stops leading when it cannot renew for ten seconds, and leads again later', async () => {
    const rig = newRig();
    const a = newCandidate('a', rig);
    await rig.clock.advance(1000);
    for (let i = 0; i < 8; i++) rig.cluster.failNext('get', leases, new Error('down'));
    await rig.clock.advance(60_000);
    expect(a.terms).toEqual(['0 leads', '10000 ends', '18000 leads']);
    await a.stop();
  });

  it('stops leading at once when another holds the lease', async () => {
    const rig = newRig();
    const a = newCandidate('a', rig);
    await rig.clock.advance(1000);
    rig.cluster.change(leases, lease, (obj) => (obj.spec.holderIdentity = 'b'));
    await rig.clock.advance(2000);
    expect(a.terms).toEqual(['0 leads', '2000 ends']);
    await a.stop();
    expect(holder(rig.cluster)).toBe('b');
  });

  it('fails when the leader fails', async () => {
    const { cluster, clock } = newRig();
    const deps = { client: cluster.client, clock, log: silent };
    const failing = runWithLease(
      { lease, identity: 'a' },
      deps,
      () => Promise.reject(new Error('broken')),
      new AbortController().signal,
    );
    await expect(failing).rejects.toThrow('broken');
    expect(holder(cluster)).toBe('');
  });

  it('reports whether it leads', async () => {
    const { cluster, clock } = newRig();
    const metrics = newMetrics();
    const deps = { client: cluster.client, clock, log: silent, metrics: newLeaderElectionMetrics(metrics) };
    const stop = new AbortController();
    const seen: (number | undefined)[] = [];
    const status = async (): Promise<number | undefined> =>
      (await metrics.registry.getSingleMetric('leader_election_master_status')!.get()).values[0]?.value;
    await runWithLease(
      { lease, identity: 'a' },
      deps,
      async () => {
        seen.push(await status());
        stop.abort();
      },
      stop.signal,
    );
    seen.push(await status());
    expect(seen).toEqual([1, 0]);
  });
});
