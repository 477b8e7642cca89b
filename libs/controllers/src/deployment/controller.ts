import { controllerOf, everything, fromLabelSelector, is, keyOf, type ObjectKey } from '@kubephant/api';
import { deployments, replicaSets, type ResourceClient } from '@kubephant/client';
import { changes, runController, type Result, type Source } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Deployment, DeploymentStatus, Pod, ReplicaSet } from '@kubephant/schema';
import { claim } from '../common/claim';
import type { ControllerContext } from '../common/context';
import { isTerminal, podsByController, podsControlledBy } from '../common/pods';
import { updateStatus } from '../common/update-status';
import { SetControl } from './set-control';
import { activeOf, expendable, isScalingEvent, rollingStep, scalingStep, type Scale, type Sets } from './plan';
import { isRolling, replicasOf } from './sizes';
import {
  conditionOf,
  countedStatus,
  deadlineInMs,
  isComplete,
  progressDeadlineOf,
  rolloutStatus,
  withCondition,
} from './status';
import { byAge, findNewSet } from './template';

/** Rolls deployments out over ReplicaSets. */
export async function runDeploymentController(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const owners = context.informers.of(deployments);
  const sets = context.informers.of(replicaSets);
  const pods = podsByController(context.informers);
  const ownerOf = (set: ReplicaSet): readonly ObjectKey[] => ownersOf(owners, set).map(keyOf);
  await runController(
    {
      name: 'deployment',
      sources: [
        changes(owners, (owner) => [keyOf(owner)]),
        changes(sets, ownerOf),
        vanishedPods({ owners, sets, pods }),
      ],
      reconciler: new DeploymentController({ owners, sets, pods }, context),
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}

interface Watched {
  readonly owners: SharedInformer<Deployment>;
  readonly sets: SharedInformer<ReplicaSet>;
  readonly pods: SharedInformer<Pod>;
}

/** The deployment that controls a set, or those that might adopt it. */
function ownersOf(owners: SharedInformer<Deployment>, set: ReplicaSet): readonly Deployment[] {
  const ref = controllerOf(set);
  const { namespace, labels } = set.metadata;
  if (!ref) return owners.lister.list(namespace).filter(({ spec }) => fromLabelSelector(spec.selector).matches(labels));
  const owner = ref.kind === 'Deployment' ? owners.lister.get({ namespace, name: ref.name }) : undefined;
  return owner?.metadata.uid === ref.uid ? [owner] : [];
}

/** Recreate waits for the last old pod to vanish, which changes no ReplicaSet's wishes. */
function vanishedPods({ owners, sets, pods }: Watched): Source {
  return {
    start(enqueue) {
      pods.addEventHandler({
        onDelete(pod) {
          const ref = controllerOf(pod);
          const set =
            ref?.kind === 'ReplicaSet'
              ? sets.lister.get({ namespace: pod.metadata.namespace, name: ref.name })
              : undefined;
          if (set)
            ownersOf(owners, set)
              .filter((owner) => !isRolling(owner))
              .map(keyOf)
              .forEach(enqueue);
        },
      });
    },
    synced: (signal) => pods.synced(signal),
  };
}

class DeploymentController {
  readonly #watched: Watched;
  readonly #context: ControllerContext;
  readonly #resource: ResourceClient<Deployment>;
  readonly #sets: ResourceClient<ReplicaSet>;
  readonly #control: SetControl;

  constructor(watched: Watched, context: ControllerContext) {
    this.#watched = watched;
    this.#context = context;
    this.#resource = context.client.resource(deployments);
    this.#sets = context.client.resource(replicaSets);
    this.#control = new SetControl(context);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const owner = this.#watched.owners.lister.get(key);
    if (!owner) return undefined;
    if (fromLabelSelector(owner.spec.selector).toString() === everything.toString()) {
      const message = 'This deployment is selecting all pods. A non-empty selector is required.';
      this.#context.recorder.event(owner, 'Warning', 'SelectingAll', message);
      return undefined;
    }
    try {
      return await this.#sync(owner, signal);
    } catch (err) {
      // It has been deleted meanwhile, which its own event will tell.
      if (is('NotFound', err)) return undefined;
      throw err;
    }
  }

  async #sync(owner: Deployment, signal: AbortSignal): Promise<Result> {
    const claimed = await this.#claim(owner, signal);
    const sets = divide(owner, claimed);
    if (owner.metadata.deletionTimestamp) return await this.#report(owner, sets, countedStatus, signal);
    const noted = await this.#notePause(owner, signal);
    if (noted.spec.paused || isScalingEvent(noted, claimed)) return await this.#scale(noted, sets, signal);
    return isRolling(noted) ? await this.#roll(noted, sets, signal) : await this.#recreate(noted, sets, signal);
  }

  async #claim(owner: Deployment, signal: AbortSignal): Promise<readonly ReplicaSet[]> {
    return await claim(
      {
        owner,
        selector: fromLabelSelector(owner.spec.selector),
        resource: this.#sets,
        freshOwner: (s) => this.#resource.get(keyOf(owner), s),
      },
      this.#watched.sets.lister.list(owner.metadata.namespace),
      signal,
    );
  }

  /** Paused time does not count towards the deadline: the condition says when it began and when it ended. */
  async #notePause(owner: Deployment, signal: AbortSignal): Promise<Deployment> {
    const current = conditionOf(owner.status, 'Progressing');
    if (progressDeadlineOf(owner) === undefined || current?.reason === 'ProgressDeadlineExceeded') return owner;
    const isNoted = current?.reason === 'DeploymentPaused';
    if (Boolean(owner.spec.paused) === isNoted) return owner;
    const paused = {
      type: 'Progressing',
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    };
    const resumed = { ...paused, reason: 'DeploymentResumed', message: 'Deployment is resumed' };
    const judgement = owner.spec.paused ? paused : resumed;
    const statusOf = ({ status }: Deployment): DeploymentStatus => ({
      ...status,
      conditions: withCondition(status?.conditions ?? [], judgement, this.#context.clock.now()),
    });
    return await updateStatus(this.#resource, owner, statusOf, signal);
  }

  async #scale(owner: Deployment, sets: Sets, signal: AbortSignal): Promise<Result> {
    const newSet = sets.newSet && (await this.#control.refresh(owner, sets.newSet, sets.olds, signal));
    const scaled = await this.#apply(
      owner,
      { newSet, olds: sets.olds },
      scalingStep(owner, { ...sets, newSet }),
      signal,
    );
    if (owner.spec.paused) await this.#cleanUp(owner, scaled.olds, signal);
    return await this.#report(owner, scaled, countedStatus, signal);
  }

  async #roll(owner: Deployment, { newSet, olds }: Sets, signal: AbortSignal): Promise<Result> {
    const { set, deployment } = await this.#control.ensure(owner, { newSet, olds }, signal);
    const steps = rollingStep(deployment, { newSet: set, olds });
    const sets = await this.#apply(deployment, { newSet: set, olds }, steps, signal);
    if (steps.length === 0 && deployment.status && isComplete(deployment, deployment.status)) {
      await this.#cleanUp(deployment, olds, signal);
    }
    return await this.#report(deployment, sets, rolloutStatus, signal);
  }

  async #recreate(owner: Deployment, { newSet, olds }: Sets, signal: AbortSignal): Promise<Result> {
    const down = activeOf(olds).map((set): Scale => ({ set, to: 0 }));
    if (down.length > 0) {
      const sets = await this.#apply(owner, { newSet, olds }, down, signal);
      return await this.#report(owner, sets, rolloutStatus, signal);
    }
    if (olds.some((set) => this.#hasRunningPods(set)))
      return await this.#report(owner, { newSet, olds }, rolloutStatus, signal);
    const { set, deployment } = await this.#control.ensure(owner, { newSet, olds }, signal);
    const wanted = replicasOf(deployment);
    const up = replicasOf(set) === wanted ? [] : [{ set, to: wanted }];
    const sets = await this.#apply(deployment, { newSet: set, olds }, up, signal);
    if (deployment.status && isComplete(deployment, deployment.status)) await this.#cleanUp(deployment, olds, signal);
    return await this.#report(deployment, sets, rolloutStatus, signal);
  }

  #hasRunningPods({ metadata }: ReplicaSet): boolean {
    return podsControlledBy(this.#watched.pods, metadata.uid).some(({ status }) => !isTerminal(status?.phase));
  }

  /** Scales one after the other; the sets as they are then. */
  async #apply(
    owner: Deployment,
    { newSet, olds }: Sets,
    scales: readonly Scale[],
    signal: AbortSignal,
  ): Promise<Sets> {
    const scaled = new Map<string, ReplicaSet>();
    for (const scale of scales) scaled.set(scale.set.metadata.uid, await this.#control.scale(owner, scale, signal));
    const current = (set: ReplicaSet): ReplicaSet => scaled.get(set.metadata.uid) ?? set;
    return { ...(newSet && { newSet: current(newSet) }), olds: olds.map(current) };
  }

  async #cleanUp(owner: Deployment, olds: readonly ReplicaSet[], signal: AbortSignal): Promise<void> {
    for (const set of expendable(owner, olds)) await this.#control.remove(set, signal);
  }

  async #report(
    owner: Deployment,
    sets: Sets,
    statusOf: (deployment: Deployment, sets: Sets, nowMs: number) => DeploymentStatus,
    signal: AbortSignal,
  ): Promise<Result> {
    const nowMs = this.#context.clock.now();
    // The generation that was acted upon, whatever the newest is.
    const acted = ({ status, metadata }: Deployment): Deployment => ({
      ...owner,
      metadata: {
        ...metadata,
        ...(owner.metadata.generation !== undefined && { generation: owner.metadata.generation }),
      },
      ...(status && { status }),
    });
    const written = await updateStatus(
      this.#resource,
      owner,
      (current) => statusOf(acted(current), sets, nowMs),
      signal,
    );
    const dueMs = written.spec.paused ? undefined : deadlineInMs(written, written.status ?? {}, nowMs);
    // A little later than the deadline, which has to be over.
    return dueMs === undefined ? undefined : { requeueAfterMs: Math.max(0, dueMs) + 1000 };
  }
}

function divide(owner: Deployment, sets: readonly ReplicaSet[]): Sets {
  const newSet = findNewSet(owner, sets);
  return { newSet, olds: byAge(sets.filter((set) => set !== newSet)) };
}
