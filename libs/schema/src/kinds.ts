import { parseApiVersion } from '@kubephant/api';
import { facts } from './facts';
import { schemas } from './registry';
import type { ObjectSchema } from './schema';

const meta = 'meta.k8s.io/v1';

/** The definition of a built-in kind. Kinds of meta/v1 (Status, DeleteOptions, …) belong to every group and version. */
export function schemaOfKind(apiVersion: string, kind: string): ObjectSchema | undefined {
  return find(apiVersion, kind) ?? find(meta, kind);
}

function find(apiVersion: string, kind: string): ObjectSchema | undefined {
  const prefix = facts.find((source) => source.apiVersion === apiVersion)?.prefix;
  const name = `${prefix ?? ''}.${kind}`;
  if (prefix === undefined || !schemas.has(name)) return undefined;
  const schema = schemas.get(name);
  return schema.isKind ? schema : undefined;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What kind a built-in definition is; undefined for parts of kinds. */
export function kindOfSchema(schema: ObjectSchema): GroupVersionKind | undefined {
  const name = schema.name ?? '';
  const dot = name.lastIndexOf('.');
  const apiVersion = facts.find(({ prefix }) => prefix === name.slice(0, dot))?.apiVersion;
  if (apiVersion === undefined || !schema.isKind) return undefined;
  const { group, version } = apiVersion === meta ? { group: '', version: 'v1' } : parseApiVersion(apiVersion);
  return { group, version, kind: name.slice(dot + 1) };
}
