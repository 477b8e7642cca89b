import { is, keyOf, type Draft, type ObjectKey } from '@kubephant/api';
import { namespaces, serviceAccounts } from '@kubephant/client';
import { changes, runController } from '@kubephant/controller';
import type { ServiceAccount } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';
import { isNamespaceTerminating } from '../common/namespace-terminating';

/** The service account that pods run under when they name none. */
const accountName = 'default';

/** Gives every namespace its default service account, again and again should it be deleted. */
export async function runServiceAccountController(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const owners = context.informers.of(namespaces);
  const accounts = context.informers.of(serviceAccounts);
  const resource = context.client.resource(serviceAccounts);
  const reconcile = async ({ name: namespace }: ObjectKey, s: AbortSignal): Promise<void> => {
    const owner = owners.lister.get({ name: namespace });
    if (!owner || owner.metadata.deletionTimestamp || accounts.lister.get({ namespace, name: accountName })) return;
    const draft: Draft<ServiceAccount> = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: accountName, namespace },
    };
    try {
      await resource.create(draft, s);
    } catch (err) {
      if (!is('AlreadyExists', err) && !is('NotFound', err) && !isNamespaceTerminating(err)) throw err;
    }
  };
  await runController(
    {
      name: 'serviceaccount',
      sources: [
        changes(owners, (owner) => [keyOf(owner)]),
        changes(accounts, ({ metadata: { name, namespace = '' } }) =>
          name === accountName ? [{ name: namespace }] : [],
        ),
      ],
      reconciler: { reconcile },
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}
