import type { KubeObject } from '@kubephant/api';
import { schemaOfKind, type Schema } from '@kubephant/schema';
import type { Subject } from './admit';
import { booleanParam, integerParam } from './query';

const apiVersion = 'v1';

/** What a connection is opened with, as admission sees it: the query as an object of its kind (PodExecOptions). */
export function connectSubject(kind: string, query: URLSearchParams): Subject {
  const schema = schemaOfKind(apiVersion, kind);
  if (!schema) return {};
  const fields = [...schema.fields].flatMap(([name, field]) =>
    query.has(name) ? [[name, valueOf(field.schema, name, query)] as const] : [],
  );
  const object = { ...Object.fromEntries(fields), kind, apiVersion } as unknown as KubeObject;
  return { object, input: { apiVersion, kind, schema } };
}

function valueOf({ type }: Schema, name: string, query: URLSearchParams): unknown {
  if (type === 'list') return query.getAll(name);
  if (type === 'boolean') return booleanParam(query, name);
  return type === 'integer' ? integerParam(query, name) : (query.get(name) ?? '');
}
