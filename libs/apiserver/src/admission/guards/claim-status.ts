import { sameJson, type Cause } from '@kubephant/api';
import { at, forbidden } from '@kubephant/resources';
import type { AllocatedDeviceStatus, ResourceClaim, ResourceClaimStatus } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, Authorizer, RequestInfo, UserInfo } from '@kubephant/serving';
import { refusal as authorizationRefusal } from '../../authorization/authorize';
import { refusal } from './device-access';

/**
 * Rights on the status of claims are finer than RBAC's on it: who allocates needs `resourceclaims/binding`, who tells
 * of devices `resourceclaims/driver` for the driver, from any node or from the one that the claim is allocated to.
 */
export const claimStatus = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'ResourceClaimStatus',
  handles: ({ group, resource, subresource }, operation) =>
    operation === 'UPDATE' && group === 'resource.k8s.io' && resource === 'resourceclaims' && subresource === 'status',
  async validate(attributes) {
    const [now, before] = [statusOf(attributes.object), statusOf(attributes.old)];
    const causes = [
      ...(await bindingCauses(attributes, now, before, authorizer)),
      ...(now.allocation ? await driverCauses(attributes, now, before, authorizer) : []),
    ];
    if (causes.length > 0) throw refusal(attributes, causes);
  },
});

const statusOf = (obj: Attributes['object']): ResourceClaimStatus =>
  (obj as unknown as Partial<ResourceClaim> | undefined)?.status ?? {};

async function bindingCauses(
  attributes: Attributes,
  now: ResourceClaimStatus,
  before: ResourceClaimStatus,
  authorizer: Authorizer,
): Promise<readonly Cause[]> {
  const bound = ({ allocation, reservedFor }: ResourceClaimStatus): unknown => [allocation ?? null, reservedFor ?? []];
  if (sameJson(bound(now), bound(before))) return [];
  const { verb } = attributes.info;
  const asked = synthetic(attributes.info, { verb, subresource: 'binding' });
  const why = await refused(attributes.user, asked, authorizer);
  const demand = `changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="${verb}"`;
  return why === undefined ? [] : [forbidden(at('status', 'allocation'), `${demand} permission: ${why}`)];
}

async function driverCauses(
  { info, user }: Attributes,
  now: ResourceClaimStatus,
  before: ResourceClaimStatus,
  authorizer: Authorizer,
): Promise<readonly Cause[]> {
  const isLocal = isOnNode(user, nodeOf(now));
  const verbs = [...(isLocal ? [`associated-node:${info.verb}`] : []), `arbitrary-node:${info.verb}`];
  const causes: Cause[] = [];
  for (const name of changedDrivers(now, before)) {
    const refusals: string[] = [];
    for (const verb of verbs) {
      const asked = synthetic(info, { verb, subresource: 'driver', name, namespace: info.namespace ?? '' });
      const why = await refused(user, asked, authorizer);
      if (why === undefined) break;
      refusals.push(why);
    }
    if (refusals.length < verbs.length) continue;
    const demand = `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(' ')}]"`;
    causes.push(forbidden(at('status', 'devices'), `${demand} permission: ${refusals[0] ?? ''}`));
  }
  return causes;
}

const synthetic = (
  { group, version, resource }: RequestInfo,
  more: Pick<RequestInfo, 'verb' | 'name' | 'namespace'> & { readonly subresource: string },
): RequestInfo => ({ isResourceRequest: true, path: '', group, version, resource, ...more });

/** Why it is not allowed; undefined: it is. */
async function refused(user: UserInfo, info: RequestInfo, authorizer: Authorizer): Promise<string | undefined> {
  const decision = await authorizer.authorize({ user, info });
  return decision.verdict === 'allow' ? undefined : authorizationRefusal({ user, info }, decision).message;
}

const deviceId = ({ driver, pool, device, shareID = '' }: AllocatedDeviceStatus): string =>
  JSON.stringify([driver, pool, device, shareID]);

/** Drivers of devices that are told of anew, otherwise or no longer, by name. */
function changedDrivers(now: ResourceClaimStatus, before: ResourceClaimStatus): readonly string[] {
  const old = new Map((before.devices ?? []).map((device) => [deviceId(device), device] as const));
  const changed = (now.devices ?? []).filter((device) => {
    const known = old.get(deviceId(device));
    old.delete(deviceId(device));
    return !known || !sameJson(known, device);
  });
  return [...new Set([...changed, ...old.values()].map(({ driver }) => driver))].sort();
}

/** The one node that an allocation is for; empty: it is for others, too. */
function nodeOf({ allocation }: ResourceClaimStatus): string {
  const term = only(allocation?.nodeSelector?.nodeSelectorTerms);
  if (!term || term.matchExpressions?.length) return '';
  const field = only(term.matchFields);
  return field?.key === 'metadata.name' && field.operator === 'In' ? (only(field.values) ?? '') : '';
}

const only = <T>(all: readonly T[] | undefined): T | undefined => (all?.length === 1 ? all[0] : undefined);

/** Whether a service account asks from a pod on this node. */
function isOnNode({ name, extra = {} }: UserInfo, node: string): boolean {
  const nodes = extra['authentication.kubernetes.io/node-name'] ?? [];
  return node !== '' && name.startsWith('system:serviceaccount:') && nodes.length === 1 && nodes[0] === node;
}
