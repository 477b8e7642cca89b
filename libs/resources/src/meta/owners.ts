import type { OwnerReference } from '@kubephant/api';
import { invalidValue, none, type Causes } from '../validation/causes';
import { when, type Absent } from '../validation/checks';
import type { Path } from '../validation/path';

/** Kinds that come and go too fast to own anything. */
const bannedOwners = new Set(['v1/Event', 'events.k8s.io/v1/Event', 'events.k8s.io/v1beta1/Event']);

const empty = 'must not be empty';

function parse(apiVersion: string): { readonly group: string; readonly version: string } {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return { group: '', version: '' };
  return { group: parts.length === 2 ? (parts[0] ?? '') : '', version: parts.at(-1) ?? '' };
}

/** In upstream's order, whatever that of the object is: those of custom resources are not sorted when they are read. */
const quoted = ({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): object => ({
  apiVersion,
  kind,
  name,
  uid,
  ...(controller !== undefined && { controller }),
  ...(blockOwnerDeletion !== undefined && { blockOwnerDeletion }),
});

function validateOwner(owner: OwnerReference, path: Path): Causes {
  const { group, version } = parse(owner.apiVersion);
  const missing = (['kind', 'name', 'uid'] as const).filter((field) => !owner[field]);
  return [
    ...when(version === '', () =>
      invalidValue(path.child('apiVersion'), owner.apiVersion, 'version must not be empty'),
    ),
    ...missing.map((field) => invalidValue(path.child(field), '', empty)),
    ...when(bannedOwners.has(`${owner.apiVersion}/${owner.kind}`), () =>
      invalidValue(path, quoted(owner), `${group}/${version}, Kind=${owner.kind} is disallowed from being an owner`),
    ),
  ];
}

/** Each complete, none an event, and at most one of them the controller. Causes name the list, not the element. */
export function validateOwners(owners: readonly OwnerReference[] | Absent, path: Path): Causes {
  if (!owners?.length) return none;
  const [first, ...others] = owners.filter(({ controller }) => controller);
  const found = ({ kind, name }: OwnerReference): string => `${kind}/${name}`;
  return [
    ...owners.flatMap((owner) => validateOwner(owner, path)),
    ...others.map((other) =>
      invalidValue(
        path,
        owners.map(quoted),
        `Only one reference can have Controller set to true. Found "true" in references for ${first ? found(first) : ''} and ${found(other)}`,
      ),
    ),
  ];
}
