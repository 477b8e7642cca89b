import { apiVersionOf, type KubeObject } from '@kubephant/api';
import { customRow, formOf, type EvaluateRules } from '@kubephant/resources';
import {
  customSchema,
  readCustom,
  sortedByName,
  type CustomResourceDefinition,
  type CustomResourceDefinitionVersion,
  type ObjectSchema,
  type SchemaRegistry,
  type StructuralSchema,
} from '@kubephant/schema';
import type { Stored } from '@kubephant/storage';
import { newResource, servedObject, type Conversion, type Resource, type Served } from '../registry/resource';
import type { Convert } from './conversion';

/** Makes the rules of a schema into a function; undefined when it has none. */
export type CompileRules = (schema: StructuralSchema) => EvaluateRules | undefined;

/** A version of a custom resource as the registry serves it. */
export function newCustomResource(
  crd: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  convert: Convert,
  compileRules: CompileRules,
): Resource {
  const form = formOf(version);
  const row = customRow(crd, version, compileRules(form));
  const made = newResource(row, registryOf(customSchema(form)));
  const stored = apiVersionOf(row.group, row.storageVersion ?? row.version);
  const asksWebhook = crd.spec.conversion?.strategy === 'Webhook';
  const conversion = { ...newConversion(form, made.apiVersion, stored, convert), asksWebhook };
  return { ...made, form, newStatus: undefined, conversion };
}

/** One definition under any name. */
const registryOf = (schema: ObjectSchema): SchemaRegistry => ({ get: () => schema, has: () => true, names: () => [] });

function newConversion(
  form: StructuralSchema,
  apiVersion: string,
  storedAs: string,
  convert: Convert,
): Omit<Conversion, 'asksWebhook'> {
  const made = new WeakMap<Stored, Served>();
  const read = (object: KubeObject): KubeObject => readCustom(form, asRecord(object)) as unknown as KubeObject;
  return {
    async fromStored(stored) {
      const fresh = stored.filter((item) => !made.has(item));
      const converted = await convert(
        fresh.map(({ object }) => object),
        apiVersion,
      );
      fresh.forEach((item, index) => made.set(item, servedObject(read(converted[index] ?? item.object))));
      return stored.map((item) => made.get(item) ?? item);
    },
    async versionOf(object) {
      const [converted = object] = await convert([object], apiVersion);
      return read(converted);
    },
    async toStored(object) {
      const [converted = object] = await convert([object], storedAs);
      return sortedByName(converted) as KubeObject;
    },
  };
}

const asRecord = (object: KubeObject): Record<string, unknown> => object as unknown as Record<string, unknown>;
