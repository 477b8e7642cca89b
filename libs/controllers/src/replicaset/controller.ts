import { controllerOf, is, keyOf, keyString, type KubeObject, type ObjectKey } from '@kubephant/api';
import type { ResourceClient } from '@kubephant/client';
import { pods as podRef } from '@kubephant/client';
import { changes, newExpectations, runController, type Expectations, type Result } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Pod } from '@kubephant/schema';
import { claim } from '../common/claim';
import type { ControllerContext } from '../common/context';
import { isActive, orphanPods, podsByController, podsControlledBy } from '../common/pods';
import { updateStatus } from '../common/update-status';
import { decide } from './decide';
import type { ReplicaKind, ReplicaOwner } from './kinds';
import { newPodControl, type PodControl } from './pod-control';
import { podSource } from './pod-source';
import { nextAvailableMs, statusOf, type Observed } from './status';

/** Keeps `spec.replicas` pods of every ReplicaSet, or of every ReplicationController: the kind is data. */
export async function runReplicaController(
  kind: ReplicaKind,
  context: ControllerContext,
  signal: AbortSignal,
): Promise<void> {
  const owners = context.informers.of(kind.ref);
  const pods = podsByController(context.informers);
  const expectations = newExpectations(context.clock);
  const controller = new ReplicaController({ kind, owners, pods, expectations }, context);
  await runController(
    {
      name: kind.queue,
      sources: [changes(owners, (owner) => [keyOf(owner)]), podSource({ kind, owners, pods, expectations })],
      reconciler: controller,
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}

/** What the controller and its source of pods share. */
export interface Shared {
  readonly kind: ReplicaKind;
  readonly owners: SharedInformer<ReplicaOwner>;
  readonly pods: SharedInformer<Pod>;
  readonly expectations: Expectations;
}

class ReplicaController {
  readonly #shared: Shared;
  readonly #context: ControllerContext;
  readonly #resource: ResourceClient<ReplicaOwner>;
  readonly #podControl: PodControl;

  constructor(shared: Shared, context: ControllerContext) {
    this.#shared = shared;
    this.#context = context;
    this.#resource = context.client.resource(shared.kind.ref);
    this.#podControl = newPodControl(shared, context);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const { owners, expectations, kind } = this.#shared;
    const owner = owners.lister.get(key);
    if (!owner) {
      expectations.forget(keyString(key));
      return undefined;
    }
    // Asked before the pods are read: what is seen afterwards can only be newer.
    const mayAct = expectations.satisfied(keyString(key)) && !owner.metadata.deletionTimestamp;
    const pods = await this.#claim(owner, signal);
    const outcome = mayAct ? await this.#act(owner, pods, signal) : {};
    const nowMs = this.#context.clock.now();
    const observed: Observed = {
      pods,
      nowMs,
      countsTerminating: kind.countsTerminating,
      ...(outcome.failure && { failure: outcome.failure }),
    };
    await this.#writeStatus(owner, observed, signal);
    if (outcome.error) throw outcome.error;
    const requeueAfterMs = nextAvailableMs(owner, pods, nowMs);
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  }

  async #claim(owner: ReplicaOwner, signal: AbortSignal): Promise<readonly Pod[]> {
    const { kind, pods } = this.#shared;
    const candidates = [...podsControlledBy(pods, owner.metadata.uid), ...orphanPods(pods, owner.metadata.namespace)];
    return await claim(
      {
        owner,
        selector: kind.selector(owner),
        resource: this.#context.client.resource(podRef),
        freshOwner: (s) => this.#resource.get(keyOf(owner), s),
      },
      candidates.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed'),
      signal,
    );
  }

  async #act(owner: ReplicaOwner, pods: readonly Pod[], signal: AbortSignal): Promise<Outcome> {
    const active = pods.filter(isActive);
    const decision = decide(owner, active, this.#related(owner, active), this.#context.clock.now());
    try {
      if ('create' in decision) await this.#podControl.create(owner, decision.create, signal);
      else await this.#podControl.remove(owner, decision.remove, signal);
      return {};
    } catch (err) {
      const error = err instanceof Error ? err : new Error(String(err));
      const reason = 'create' in decision ? 'FailedCreate' : 'FailedDelete';
      return { error, failure: { reason, message: error.message } };
    }
  }

  /** Active pods of all owners under the same controller: during a rollout, those of the other ReplicaSets count as well. */
  #related(owner: ReplicaOwner, active: readonly Pod[]): readonly Pod[] {
    const parent = controllerOf(owner);
    if (!parent) return active;
    const siblings = this.#shared.owners.lister
      .list(owner.metadata.namespace)
      .filter((other) => controllerOf(other)?.uid === parent.uid);
    return siblings.flatMap(({ metadata }) => podsControlledBy(this.#shared.pods, metadata.uid).filter(isActive));
  }

  async #writeStatus(owner: ReplicaOwner, observed: Observed, signal: AbortSignal): Promise<void> {
    try {
      await updateStatus(
        this.#resource,
        owner,
        (current) =>
          statusOf(
            { ...current, spec: owner.spec, metadata: { ...current.metadata, ...generationOf(owner) } },
            observed,
          ),
        signal,
      );
    } catch (err) {
      // It has been deleted meanwhile, which its own event will tell.
      if (!is('NotFound', err)) throw err;
    }
  }
}

interface Outcome {
  readonly error?: Error;
  readonly failure?: NonNullable<Observed['failure']>;
}

/** The generation that was acted upon, whatever the newest is. */
const generationOf = ({ metadata: { generation } }: KubeObject): { generation?: number } =>
  generation === undefined ? {} : { generation };
