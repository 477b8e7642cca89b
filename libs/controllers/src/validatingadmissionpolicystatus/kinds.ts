import { apiVersionOf } from '@kubephant/api';
import {
  builtinType,
  structuralType,
  type PolicyKind,
  type PolicyKinds,
  type StructuralSchema,
  type Type,
} from '@kubephant/cel';
import { formOf, table } from '@kubephant/resources';
import { schemas, type CustomResourceDefinition } from '@kubephant/schema';

/** What is built in, and what is defined at this moment. */
export const policyKinds = (definitions: () => readonly CustomResourceDefinition[]): PolicyKinds => ({
  ofResource(group, version, plural) {
    const row = table.find((one) => one.group === group && one.version === version && one.names.plural === plural);
    if (row) return { group, version, kind: row.kind, type: builtinType(schemas.get(row.schema)) };
    return customKind(definitions(), group, version, ({ spec }) => spec.names.plural === plural);
  },
  ofKind(apiVersion, kind) {
    const row = table.find((one) => apiVersionOf(one.group, one.version) === apiVersion && one.kind === kind);
    if (row) return { group: row.group, version: row.version, kind, type: builtinType(schemas.get(row.schema)) };
    const [group = '', version = ''] = apiVersion.split('/');
    return customKind(definitions(), group, version, ({ spec }) => spec.names.kind === kind);
  },
});

function customKind(
  definitions: readonly CustomResourceDefinition[],
  group: string,
  version: string,
  isMeant: (definition: CustomResourceDefinition) => boolean,
): PolicyKind | undefined {
  const found = definitions.find((definition) => definition.spec.group === group && isMeant(definition));
  const served = found?.spec.versions.find((one) => one.served && one.name === version);
  if (!found || !served) return undefined;
  const { kind } = found.spec.names;
  return {
    group,
    version,
    kind,
    type: withMetadata(structuralType(formOf(served) as StructuralSchema, kind, true)?.type),
  };
}

const metadata = builtinType(schemas.get('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'));

/** Rules of a schema see little of the metadata; policies all of it. */
const withMetadata = (type: Type | undefined): Type | undefined =>
  type?.kind === 'object' ? { ...type, field: (name) => (name === 'metadata' ? metadata : type.field(name)) } : type;
