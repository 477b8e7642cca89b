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
  const apiVersions = { served: made.apiVersion, stored: apiVersionOf(row.group, row.storageVersion ?? row.version) };
  const storedForm = formOf(crd.spec.versions.find(({ storage }) => storage) ?? version);
  const asksWebhook = crd.spec.conversion?.strategy === 'Webhook';
  const conversion = { ...newConversion(storedForm, apiVersions, convert), asksWebhook };
  return { ...made, form, newStatus: undefined, conversion };
}

/** One definition under any name. */
const registryOf = (schema: ObjectSchema): SchemaRegistry => ({ get: () => schema, has: () => true, names: () => [] });

interface ApiVersions {
  readonly served: string;
  readonly stored: string;
}

/**
 * What is stored gets the defaults of the version it is stored in, and loses what that does not know, before it is
 * converted; what comes of that is neither defaulted nor pruned again.
 */
function newConversion(
  storedForm: StructuralSchema,
  { served, stored: storedAs }: ApiVersions,
  convert: Convert,
): Omit<Conversion, 'asksWebhook'> {
  const made = new WeakMap<Stored, Served>();
  const read = (object: KubeObject): KubeObject => readCustom(storedForm, asRecord(object)) as unknown as KubeObject;
  return {
    async fromStored(stored) {
      const fresh = stored.filter((item) => !made.has(item));
      const converted = await convert(
        fresh.map(({ object }) => read(object)),
        served,
      );
      fresh.forEach((item, index) => made.set(item, servedObject(inOrder(converted[index] ?? item.object))));
      return stored.map((item) => made.get(item) ?? item);
    },
    async versionOf(object) {
      const [converted = object] = await convert([read(object)], served);
      return inOrder(converted);
    },
    async toStored(object) {
      const [converted = object] = await convert([object], storedAs);
      return inOrder(converted);
    },
  };
}

const inOrder = (object: KubeObject): KubeObject => sortedByName(object) as KubeObject;

const asRecord = (object: KubeObject): Record<string, unknown> => object as unknown as Record<string, unknown>;
