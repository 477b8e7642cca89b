import { configMapKey } from '@kubephant/api';
import type { ConfigMap } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import { forbidden, invalidValue, tooLongValue, type Causes } from '../validation/causes';
import { equal, follows, when } from '../validation/checks';
import { at, Path } from '../validation/path';

/** The most bytes all values of a ConfigMap, or of a Secret, may have together. */
export const maxDataBytes = 1_048_576;

/** No field in particular is too long; upstream writes that as `[]`. */
const nowhere = Path.root.key('');

function sizeOf({ data = {}, binaryData = {} }: ConfigMap): number {
  const texts = Object.values(data).map((value) => Buffer.byteLength(value));
  const binaries = Object.values(binaryData).map((value) => Buffer.byteLength(value, 'base64'));
  return [...texts, ...binaries].reduce((sum, bytes) => sum + bytes, 0);
}

function validate(map: ConfigMap): Causes {
  const { data = {}, binaryData = {} } = map;
  const twice = 'duplicate of key present in binaryData';
  return [
    ...Object.keys(data).flatMap((key) => [
      ...follows(key, at('data').key(key), configMapKey),
      ...when(Object.hasOwn(binaryData, key), () => invalidValue(at('data').key(key), key, twice)),
    ]),
    ...Object.keys(binaryData).flatMap((key) => follows(key, at('binaryData').key(key), configMapKey)),
    ...when(sizeOf(map) > maxDataBytes, () => tooLongValue(nowhere, maxDataBytes)),
  ];
}

interface Sealable {
  immutable?: boolean;
}

/** What may no longer change once `immutable` is set: that itself, and the named fields. */
export function validateSealed<T extends Sealable>(obj: T, old: T, fields: readonly (keyof T & string)[]): Causes {
  const why = 'field is immutable when `immutable` is set';
  if (!old.immutable) return [];
  return [
    ...when(!obj.immutable, () => forbidden(at('immutable'), why)),
    ...fields.flatMap((field) => when(!equal(obj[field], old[field]), () => forbidden(at(field), why))),
  ];
}

export const configMaps: ResourceDefinition = defineResource<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  scope: 'Namespaced',
  names: { plural: 'configmaps', singular: 'configmap', short: ['cm'] },
  schema: 'io.k8s.api.core.v1.ConfigMap',
  columns: [
    nameColumn,
    text(
      'Data',
      'Number of keys.',
      ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
    ),
    ageColumn,
  ],
  strategy: {
    validate,
    validateUpdate: (map, old) => [...validateSealed(map, old, ['data', 'binaryData']), ...validate(map)],
  },
});
