import { dns1123Subdomain, ipAddress, parseIP } from '@kubephant/api';
import type { Pod } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { forbidden, invalidValue, none, type Causes } from '../validation/causes';
import { each, follows, when } from '../validation/checks';
import { at } from '../validation/path';

const status = at('status');

function validateAddresses(ips: readonly { readonly ip: string }[]): Causes {
  const path = status.child('podIPs');
  const families = new Set(ips.map(({ ip }) => parseIP(ip)?.family));
  return [
    ...each(ips, path, ({ ip }, where) => follows(ip, where, ipAddress)),
    ...when(ips.length > 2 || (ips.length === 2 && families.size < 2), () =>
      invalidValue(
        path,
        ips.map(({ ip }) => ({ IP: ip })),
        'may specify no more than one IP for each IP family',
      ),
    ),
  ];
}

/** Whether a container that ended with this code is started again. */
const restarts = (policy: string | undefined, exitCode: number): boolean =>
  policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);

/** A container that ended, and is not started again, has ended for good. */
function validateEnded(pod: Pod, old: Pod): Causes {
  const path = status.child('containerStatuses');
  return each(pod.status?.containerStatuses, path, ({ name, state }, where) => {
    const before = old.status?.containerStatuses?.find((other) => other.name === name)?.state?.terminated;
    const isRevived = before !== undefined && state?.terminated === undefined;
    return when(isRevived && !restarts(old.spec.restartPolicy, before.exitCode), () =>
      forbidden(where.child('state'), 'may not be transitioned to non-terminated state'),
    );
  });
}

export const podStatusStrategy: Strategy<Pod> = {
  prepareForUpdate(pod, old) {
    const { ownerReferences } = old.metadata;
    if (ownerReferences) pod.metadata.ownerReferences = structuredClone(ownerReferences);
    else delete pod.metadata.ownerReferences;
    // The class follows from the spec, and never changes.
    if (pod.status && old.status?.qosClass) pod.status.qosClass ??= old.status.qosClass;
  },
  validateUpdate(pod, old) {
    const { nominatedNodeName, observedGeneration = 0, podIPs = [] } = pod.status ?? {};
    return [
      ...(nominatedNodeName
        ? follows(nominatedNodeName, status.child('nominatedNodeName'), (name) => dns1123Subdomain(name))
        : none),
      ...when(observedGeneration < 0, () =>
        invalidValue(status.child('observedGeneration'), observedGeneration, 'must be a non-negative integer'),
      ),
      ...validateEnded(pod, old),
      ...validateAddresses(podIPs),
    ];
  },
};
