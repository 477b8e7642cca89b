import { is, keyOf, type ObjectKey } from '@kubephant/api';
import { policyWarnings } from '@kubephant/cel';
import { customResourceDefinitions, validatingAdmissionPolicies } from '@kubephant/client';
import { changes, runController } from '@kubephant/controller';
import type { ValidatingAdmissionPolicy } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';
import { policyKinds } from './kinds';

const fieldManager = 'validatingadmissionpolicy-status-controller';

/** Says in the status of every policy what in its expressions does not fit the kinds that it names, once per generation. */
export async function runPolicyStatus(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const { informers, client, workers, log, clock, queueMetrics } = context;
  const [policies, definitions] = [informers.of(validatingAdmissionPolicies), informers.of(customResourceDefinitions)];
  const kinds = policyKinds(() => definitions.lister.list());
  const reconcile = async (key: ObjectKey, s: AbortSignal): Promise<void> => {
    const policy = policies.lister.get(key);
    if (!policy || isUpToDate(policy)) return;
    const expressionWarnings = policyWarnings(policy, kinds);
    const body = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: policy.metadata.name },
      status: {
        observedGeneration: policy.metadata.generation,
        typeChecking: expressionWarnings.length > 0 ? { expressionWarnings } : {},
      },
    };
    const patch = { type: 'apply', body, fieldManager, force: true } as const;
    try {
      await client.resource(validatingAdmissionPolicies).patch(key, patch, s, { subresource: 'status' });
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  };
  const settled = { start: () => undefined, synced: (waiting: AbortSignal) => definitions.synced(waiting) };
  const sources = [changes(policies, (policy) => [keyOf(policy)]), settled];
  const deps = { log, clock, ...(queueMetrics && { metrics: queueMetrics }) };
  await runController({ name: fieldManager, sources, reconciler: { reconcile }, workers }, deps, signal);
}

const isUpToDate = ({ metadata, status }: ValidatingAdmissionPolicy): boolean =>
  (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);
