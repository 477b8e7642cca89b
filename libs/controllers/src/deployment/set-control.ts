import { controllerOf, is, keyOf, type Draft, type LabelSelector } from '@kubephant/api';
import { deployments, replicaSets, type ResourceClient } from '@kubephant/client';
import type { Deployment, DeploymentStatus, ReplicaSet } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import { controllerRef } from '../common/claim';
import type { ControllerContext } from '../common/context';
import { updateStatus, updateThroughStatus } from '../common/update-status';
import { newSetSize, type Scale, type Sets } from './plan';
import { newSetAnnotations, revisionAnnotation, scaleAnnotations } from './revisions';
import { replicasOf } from './sizes';
import { conditionOf, progressDeadlineOf, withCondition } from './status';
import { hashLabel, sameTemplate, templateHash } from './template';

/** Writes the ReplicaSets of deployments, telling the people who look at events. */
export class SetControl {
  readonly #context: ControllerContext;
  readonly #sets: ResourceClient<ReplicaSet>;
  readonly #owners: ResourceClient<Deployment>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#sets = context.client.resource(replicaSets);
    this.#owners = context.client.resource(deployments);
  }

  /** The new set, created if need be, and the deployment that says its revision and that it was found or created. */
  async ensure(
    owner: Deployment,
    sets: Sets,
    signal: AbortSignal,
  ): Promise<{ set: ReplicaSet; deployment: Deployment }> {
    const set = sets.newSet
      ? await this.refresh(owner, sets.newSet, sets.olds, signal)
      : await this.#create(owner, sets.olds, signal);
    return { set, deployment: await this.#withNews(owner, { set, isCreated: sets.newSet === undefined }, signal) };
  }

  /** Brings annotations and minReadySeconds of the new set up to date. */
  async refresh(
    owner: Deployment,
    set: ReplicaSet,
    olds: readonly ReplicaSet[],
    signal: AbortSignal,
  ): Promise<ReplicaSet> {
    const annotations = newSetAnnotations(owner, set, olds);
    const { minReadySeconds = 0 } = owner.spec;
    const isCurrent = isDeepStrictEqual(annotations, set.metadata.annotations ?? {});
    if (isCurrent && minReadySeconds === (set.spec.minReadySeconds ?? 0)) return set;
    const next = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, minReadySeconds } };
    return await this.#sets.update(next, signal);
  }

  /** Gives the set its size, and the annotations that remember what the size was made for. */
  async scale(owner: Deployment, { set, to }: Scale, signal: AbortSignal): Promise<ReplicaSet> {
    const from = replicasOf(set);
    const annotations = { ...set.metadata.annotations, ...scaleAnnotations(owner) };
    if (from === to && isDeepStrictEqual(annotations, set.metadata.annotations)) return set;
    const next = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: to } };
    const scaled = await this.#sets.update(next, signal);
    if (from !== to) this.#announce(owner, scaled, from);
    return scaled;
  }

  async remove(set: ReplicaSet, signal: AbortSignal): Promise<void> {
    try {
      await this.#sets.delete(keyOf(set), signal, { preconditions: { uid: set.metadata.uid } });
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }

  async #create(owner: Deployment, olds: readonly ReplicaSet[], signal: AbortSignal): Promise<ReplicaSet> {
    const draft = draftOf(owner, olds);
    try {
      const set = await this.#sets.create(draft, signal);
      if (replicasOf(set) > 0) this.#announce(owner, set, 0);
      return set;
    } catch (err) {
      if (is('AlreadyExists', err)) return await this.#findTaken(owner, draft, signal);
      const why = err instanceof Error ? err.message : String(err);
      const message = `Failed to create new replica set ${JSON.stringify(draft.metadata.name)}: ${why}`;
      this.#context.recorder.event(owner, 'Warning', 'FailedCreate', message);
      throw err;
    }
  }

  /** The name is taken: by our own set that the informer has not shown yet, or by one whose template hashes alike. */
  async #findTaken(owner: Deployment, draft: Draft<ReplicaSet>, signal: AbortSignal): Promise<ReplicaSet> {
    const { namespace, name = '' } = draft.metadata;
    const taken = await this.#sets.get({ namespace, name }, signal);
    const isOurs = controllerOf(taken)?.uid === owner.metadata.uid;
    if (isOurs && sameTemplate(taken.spec.template, owner.spec.template)) return taken;
    const collisionCount = (owner.status?.collisionCount ?? 0) + 1;
    await updateStatus(this.#owners, owner, ({ status }) => ({ ...status, collisionCount }), signal);
    throw new Error(`the name of ReplicaSet ${name} is taken by another template`);
  }

  /** The revision goes with the status: it is no change of what is wanted, so it begins no generation. */
  async #withNews(
    owner: Deployment,
    { set, isCreated }: { readonly set: ReplicaSet; readonly isCreated: boolean },
    signal: AbortSignal,
  ): Promise<Deployment> {
    const revision = set.metadata.annotations?.[revisionAnnotation];
    const known = conditionOf(owner.status, 'Progressing');
    const isNews = progressDeadlineOf(owner) !== undefined && (!known || isCreated);
    const tell = (current: Deployment): Deployment => ({
      ...current,
      metadata: revision === undefined ? current.metadata : withRevision(current.metadata, revision),
      ...(isNews && { status: this.#withProgress(current.status, set, isCreated) }),
    });
    return await updateThroughStatus<DeploymentStatus, Deployment>(this.#owners, owner, tell, signal);
  }

  /** A rollout begins: the deadline runs from now. */
  #withProgress(status: DeploymentStatus | undefined, set: ReplicaSet, isCreated: boolean): DeploymentStatus {
    const reason = isCreated ? 'NewReplicaSetCreated' : 'FoundNewReplicaSet';
    const message = `${isCreated ? 'Created new' : 'Found new'} replica set ${JSON.stringify(set.metadata.name)}`;
    const judgement = { type: 'Progressing', status: 'True', reason, message };
    const conditions = withCondition(status?.conditions ?? [], judgement, this.#context.clock.now());
    return { ...status, conditions };
  }

  #announce(owner: Deployment, set: ReplicaSet, from: number): void {
    const to = replicasOf(set);
    const message = `Scaled ${from < to ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}`;
    this.#context.recorder.event(owner, 'Normal', 'ScalingReplicaSet', message);
  }
}

const withRevision = (metadata: Deployment['metadata'], revision: string): Deployment['metadata'] => ({
  ...metadata,
  annotations: { ...metadata.annotations, [revisionAnnotation]: revision },
});

function draftOf(owner: Deployment, olds: readonly ReplicaSet[]): Draft<ReplicaSet> {
  const { template, selector, minReadySeconds } = owner.spec;
  const hash = templateHash(template, owner.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const hashed: LabelSelector = { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } };
  const { name, namespace } = owner.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace && { namespace }),
      labels,
      annotations: newSetAnnotations(owner, undefined, olds),
      ownerReferences: [controllerRef(owner)],
    },
    spec: {
      replicas: newSetSize(owner, { olds }),
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: hashed as ReplicaSet['spec']['selector'],
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
