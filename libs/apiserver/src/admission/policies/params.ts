import { fromLabelSelector, groupResourceString, parseApiVersion, type KubeObject } from '@kubephant/api';
import { table } from '@kubephant/resources';
import type { ParamKind, ParamRef } from '@kubephant/schema';
import type { Objects } from '../objects';

/** Where objects of a kind are. */
export interface Place {
  /** What the store calls it. */
  readonly resource: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** As much of a CustomResourceDefinition as tells where its objects are. */
interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly scope: string;
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/** Finds where the objects of a kind are; undefined: nobody serves it. */
export type FindPlace = (kind: ParamKind) => Place | undefined;

/** Kinds are looked for once, and again when custom resources are defined. */
export function newFindPlace(objects: Objects): FindPlace {
  const known = objects.derived([definitions], () => new Map<string, Place | undefined>());
  return (kind) => {
    const places = known();
    const name = kindText(kind);
    if (!places.has(name)) places.set(name, placeOf(kind, objects));
    return places.get(name);
  };
}

/** Why a policy whose parameters are of a kind that nobody serves is of no use. */
export const unknownKind = (kind: ParamKind): string =>
  `failed to find resource referenced by paramKind: '${kindText(kind)}'`;

/** `apps/v1, Kind=Deployment`, `/v1, Kind=ConfigMap`. */
function kindText({ apiVersion = '', kind = '' }: ParamKind): string {
  const { group, version } = parseApiVersion(apiVersion);
  return `${group}/${version}, Kind=${kind}`;
}

function placeOf({ apiVersion = '', kind = '' }: ParamKind, objects: Objects): Place | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  const row = table.find((one) => one.group === group && one.version === version && one.kind === kind);
  if (row) {
    const resource = groupResourceString({ group: row.storedAs?.group ?? group, resource: row.names.plural });
    return { resource, plural: row.names.plural, namespaced: row.scope === 'Namespaced' };
  }
  const found = objects
    .all<Definition>(definitions)
    .find(
      ({ spec }) =>
        spec.group === group &&
        spec.names.kind === kind &&
        spec.versions.some(({ name, served }) => served && name === version),
    );
  if (!found) return undefined;
  const { names, scope } = found.spec;
  const { plural } = names;
  return { resource: groupResourceString({ group, resource: plural }), plural, namespaced: scope === 'Namespaced' };
}

/**
 * The parameters that a binding gives its policy: one evaluation for each; null stands for none at all. Throws where
 * that is not as the binding says. `place`: of the policy's kind of parameters, if it has one.
 */
export async function paramsFor(
  place: Place | undefined,
  ref: ParamRef | undefined,
  requestNamespace: string,
  objects: Objects,
): Promise<readonly (KubeObject | null)[]> {
  if (!place || !ref) return [null];
  const found = await find(place, ref, namespaceFor(place, ref, requestNamespace), objects);
  if (found.length === 0 && ref.parameterNotFoundAction === 'Deny') {
    throw new Error('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return found;
}

function namespaceFor({ namespaced }: Place, ref: ParamRef, requestNamespace: string): string {
  if (!namespaced) {
    if (ref.namespace) throw new Error('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
    return '';
  }
  const namespace = ref.namespace || requestNamespace;
  if (!namespace) {
    throw new Error('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  }
  return namespace;
}

async function find(
  { resource, namespaced }: Place,
  { name, selector }: ParamRef,
  namespace: string,
  objects: Objects,
): Promise<readonly KubeObject[]> {
  if (name) {
    const found = await objects.find(resource, namespace, name);
    return found ? [found] : [];
  }
  const selected = fromLabelSelector(selector);
  const all = objects.all(resource, namespaced ? namespace : undefined);
  return all.filter(({ metadata }) => selected.matches(metadata.labels));
}
