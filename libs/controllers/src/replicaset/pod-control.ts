import { keyOf, keyString, is, type Draft } from '@kubephant/api';
import { pods as podRef } from '@kubephant/client';
import type { Pod } from '@kubephant/schema';
import { controllerRef } from '../common/claim';
import type { ControllerContext } from '../common/context';
import { isNamespaceTerminating } from '../common/namespace-terminating';
import type { Shared } from './controller';
import { slowStartBatches } from './decide';
import type { ReplicaOwner } from './kinds';

/** Creates and deletes pods for an owner, telling its expectations and the people who look at its events. */
export interface PodControl {
  create(owner: ReplicaOwner, count: number, signal: AbortSignal): Promise<void>;
  remove(owner: ReplicaOwner, pods: readonly Pod[], signal: AbortSignal): Promise<void>;
}

export function newPodControl({ expectations }: Pick<Shared, 'expectations'>, context: ControllerContext): PodControl {
  const resource = context.client.resource(podRef);
  const { recorder } = context;

  const createOne = async (owner: ReplicaOwner, key: string, signal: AbortSignal): Promise<void> => {
    try {
      const pod = await resource.create(podFrom(owner), signal);
      recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    } catch (err) {
      expectations.creationObserved(key);
      if (isNamespaceTerminating(err)) return;
      recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${messageOf(err)}`);
      throw err;
    }
  };

  const removeOne = async (owner: ReplicaOwner, pod: Pod, signal: AbortSignal): Promise<void> => {
    try {
      await resource.delete(keyOf(pod), signal, { preconditions: { uid: pod.metadata.uid } });
      recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    } catch (err) {
      expectations.deletionObserved(keyString(keyOf(owner)), pod.metadata.uid);
      if (is('NotFound', err)) return;
      recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(err)}`);
      throw err;
    }
  };

  return {
    async create(owner, count, signal) {
      if (count === 0) return;
      const key = keyString(keyOf(owner));
      expectations.expectCreations(key, count);
      let skipped = count;
      try {
        for (const size of slowStartBatches(count)) {
          skipped -= size;
          await allOf(Array.from({ length: size }, () => createOne(owner, key, signal)));
        }
      } finally {
        // What was never tried will never be seen.
        for (let i = 0; i < skipped; i++) expectations.creationObserved(key);
      }
    },
    async remove(owner, pods, signal) {
      if (pods.length === 0) return;
      expectations.expectDeletions(
        keyString(keyOf(owner)),
        pods.map(({ metadata }) => metadata.uid),
      );
      await allOf(pods.map((pod) => removeOne(owner, pod, signal)));
    },
  };
}

/** Waits for every call, then throws the first failure. */
async function allOf(calls: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(calls)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason as Error;
}

function podFrom(owner: ReplicaOwner): Draft<Pod> {
  const { metadata = {}, spec = { containers: [] } } = owner.spec.template ?? {};
  const { labels, annotations, finalizers } = metadata;
  const { name, namespace } = owner.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name}-`,
      ...(namespace && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerRef(owner)],
    },
    spec,
  };
}

const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));
