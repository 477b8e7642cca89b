import { invalid, type Cause, type KubeObject } from '@kubephant/api';
import { at, forbidden, type Path } from '@kubephant/resources';
import type { ResourceClaim, ResourceClaimTemplate } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes } from '@kubephant/serving';
import type { Objects } from '../objects';

const group = 'resource.k8s.io';
const label = 'resource.kubernetes.io/admin-access';

/** Devices that are in use are shown only to pods of namespaces that administrators have marked for that. */
export const deviceAccess = (objects: Objects): AdmissionPlugin => ({
  name: 'DeviceAdminAccess',
  handles: (info, operation) => info.group === group && paths.has(keyOf({ info, operation })),
  async validate(attributes) {
    const path = paths.get(keyOf(attributes))?.(attributes);
    if (!path) return;
    const namespace = await objects.find<KubeObject>('namespaces', '', attributes.info.namespace ?? '');
    if (namespace?.metadata.labels?.[label] === 'true') return;
    const why = `admin access to devices requires the \`${label}: true\` label on the containing namespace`;
    throw refusal(attributes, [forbidden(path, why)]);
  },
});

/** What is asked and in which part of the object. */
const keyOf = ({ info, operation }: Pick<Attributes, 'info' | 'operation'>): string =>
  [operation, info.resource, info.subresource ?? ''].join(' ');

/** Where admin access is asked for that was not there before; undefined: nowhere. */
type AskedAt = (attributes: Attributes) => Path | undefined;

interface Requests {
  readonly requests?: readonly { readonly exactly?: { readonly adminAccess?: boolean } }[] | null;
}

function requestedIn({ requests }: Requests, devices: Path): Path | undefined {
  const index = (requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess);
  return index < 0 ? undefined : devices.child('requests').index(index).child('adminAccess');
}

const grantedIn = ({ status }: ResourceClaim): number =>
  (status?.allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess);

/** The specifications of both kinds never change. */
const paths: ReadonlyMap<string, AskedAt> = new Map<string, AskedAt>([
  [
    'CREATE resourceclaims ',
    ({ object }) => requestedIn((object as unknown as ResourceClaim).spec.devices ?? {}, at('spec', 'devices')),
  ],
  [
    'CREATE resourceclaimtemplates ',
    // The path is that of a claim, also of a template, as upstream.
    ({ object }) =>
      requestedIn((object as unknown as ResourceClaimTemplate).spec.spec.devices ?? {}, at('spec', 'devices')),
  ],
  [
    'UPDATE resourceclaims status',
    ({ object, old }) => {
      if (old && grantedIn(old as unknown as ResourceClaim) >= 0) return undefined;
      const index = grantedIn(object as unknown as ResourceClaim);
      return index < 0 ? undefined : at('status', 'allocation', 'devices', 'results').index(index).child('adminAccess');
    },
  ],
]);

export function refusal({ info, object, old }: Attributes, causes: readonly Cause[]): Error {
  const { kind, metadata } = (object ?? old) as KubeObject;
  return invalid({ group: info.group, kind }, metadata.name, causes);
}
