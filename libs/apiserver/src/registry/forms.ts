import { cloneJson, parseApiVersion, type KubeObject } from '@kubephant/api';
import { decodeValue, type Expected } from '@kubephant/schema';
import type { Form } from '../admission/attributes';
import { asObject, expectedOf } from './body';
import { subresourceOf, toStored, type Resource } from './resource';
import { expectedScale, scaleOf, setAt, type Scale, type ScaleSubresource } from './scale-object';
import type { Scope } from './scope';

/** The form of what a subresource takes (Binding, Eviction): nobody has another. */
export function formOfInput({ resource }: Scope, expected: Expected): Form {
  return {
    ...parseApiVersion(expected.apiVersion),
    kind: expected.kind,
    place: placeOf(resource),
    schema: expected.schema,
    show: async (obj) => obj,
    take: async (value) => asObject(decodeValue(expected.schema, value, 'Ignore').object, expected),
  };
}

/** The form that objects of the request have. */
export function formOf(scope: Scope): Form {
  const { resource } = scope;
  const scale = scaleIn(scope);
  if (scale) return formOfScale(scope, scale);
  return {
    ...nameOf(resource),
    show: async (obj) => obj,
    take: async (value) => decoded(resource, value),
  };
}

function scaleIn({ resource, info }: Scope): ScaleSubresource | undefined {
  const found = info.subresource === undefined ? undefined : subresourceOf(resource, info.subresource);
  return found?.kind === 'scale' ? found : undefined;
}

/** Of the size of a workload only the size is seen and changed. */
const formOfScale = (scope: Scope, scale: ScaleSubresource): Form => ({
  ...formOfInput(scope, expectedScale),
  show: async (obj) => scaleOf(scale, obj),
  async take(value, onto) {
    const { object } = decodeValue(expectedScale.schema, value, 'Ignore');
    const resized = cloneJson(onto);
    setAt(resized, scale.spec, (object as unknown as Scale).spec?.replicas ?? 0);
    return resized;
  },
});

/** The forms that other versions of the same kind would show the object in. */
export function otherForms(scope: Scope): readonly Form[] {
  const { resource, machinery } = scope;
  if (scaleIn(scope)) return [];
  const versions = machinery.resources.versions(resource.storage);
  if (versions.length < 2) return [];
  return versions
    .filter((other) => other !== resource)
    .map((other) => ({
      ...nameOf(other),
      show: (obj) => converted(obj, resource, other),
      take: (value) => converted(decoded(other, value), other, resource),
    }));
}

const placeOf = ({ row }: Resource): Form['place'] => ({
  group: row.group,
  version: row.version,
  resource: row.names.plural,
});

const nameOf = (resource: Resource): Omit<Form, 'show' | 'take'> => ({
  group: resource.row.group,
  version: resource.row.version,
  kind: resource.row.kind,
  place: placeOf(resource),
  schema: resource.schema,
});

function decoded(resource: Resource, value: object): KubeObject {
  const object = asObject(decodeValue(resource.schema, value, 'Ignore').object, expectedOf(resource));
  resource.row.defaults?.(object);
  return object;
}

/** A stored object in the version of this row. */
export async function versionOf(resource: Resource, stored: KubeObject): Promise<KubeObject> {
  if (resource.conversion) return resource.conversion.versionOf(stored);
  return resource.row.storedAs?.fromStored(cloneJson(stored)) ?? stored;
}

/** Versions know how they are stored, and nothing of each other. */
async function converted(obj: KubeObject, from: Resource, to: Resource): Promise<KubeObject> {
  const made = await versionOf(to, await toStored(from, cloneJson(obj)));
  return { ...made, kind: to.row.kind, apiVersion: to.apiVersion };
}
