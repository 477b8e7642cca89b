import { resourceViews, type ResourceView } from './columns';
import { json, listOf, once, shown, text, texts, time, type Column } from './sql';

export interface View {
  readonly name: string;
  /** A sentence for whoever looks at the view in a database tool. */
  readonly comment: string;
  readonly select: string;
}

const controller = `jsonb_path_query(d.data, '$.metadata.ownerReferences[*] ? (@.controller == true)')`;
const owner: Column = { sql: `(SELECT concat(c ->> 'kind', '/', c ->> 'name') FROM ${controller} c LIMIT 1)` };

/** What every object has. */
const shared: Readonly<Record<string, Column>> = {
  uid: text('metadata.uid'),
  created_at: time('metadata.creationTimestamp'),
  deleted_at: time('metadata.deletionTimestamp'),
  labels: json('metadata.labels'),
  annotations: json('metadata.annotations'),
  owner,
  finalizers: texts('metadata.finalizers[*]'),
};

const sqlOf = (columns: Readonly<Record<string, Column>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(columns).map(([name, { sql }]) => [name, sql]));

/** `resource` is an expression; a literal where it is known, so that only Secrets pay for being hidden. */
const fromObjects = (resource: string): string => `FROM kubephant.objects o
  ${once('t', { text: 'o.data::text' })}
  ${once('d', { data: shown(resource, 't.text') })}`;

const whole = { revision: 'o.revision', bytes: 'octet_length(t.text)', data: 'd.data' };

function resourceView([name, { group, cluster, columns = {} }]: readonly [string, ResourceView]): View {
  const resource = `'${group === undefined ? name : `${name}.${group}`}'`;
  const key = { ...(!cluster && { namespace: 'o.namespace' }), name: 'o.name' };
  return {
    name,
    comment: `The ${name} of the cluster${name === 'secrets' ? ', without what is secret in them' : ''}.`,
    select: `SELECT ${listOf({ ...key, ...sqlOf(shared), ...sqlOf(columns), ...whole })}
  ${fromObjects(resource)}
  WHERE o.resource = ${resource}`,
  };
}

const resources: View = {
  name: 'resources',
  comment: 'Every object of every resource, those of CustomResourceDefinitions too; without what is secret in Secrets.',
  select: `SELECT ${listOf({
    resource: 'o.resource',
    namespace: 'o.namespace',
    name: 'o.name',
    ...sqlOf({ api_version: text('apiVersion'), kind: text('kind'), ...shared }),
    ...whole,
  })}
  ${fromObjects('o.resource')}`,
};

const managers: View = {
  name: 'managers',
  comment: 'Who set fields of each object, how, when they last did, and which (metadata.managedFields).',
  select: `SELECT ${listOf({
    resource: 'o.resource',
    namespace: 'o.namespace',
    name: 'o.name',
    manager: `m ->> 'manager'`,
    operation: `m ->> 'operation'`,
    subresource: `coalesce(m ->> 'subresource', '')`,
    at: `(m ->> 'time')::timestamptz`,
    fields: `m -> 'fieldsV1'`,
  })}
  ${fromObjects('o.resource')}
  CROSS JOIN LATERAL jsonb_array_elements(coalesce(d.data #> '{metadata,managedFields}', '[]')) m`,
};

/** Whose entry this change made or renewed; of two in the same second, the one that was not there before. */
const who = `(SELECT m ->> 'manager' FROM jsonb_array_elements(coalesce(d.after #> '{metadata,managedFields}', '[]')) m
    ORDER BY coalesce(d.before #> '{metadata,managedFields}' @> jsonb_build_array(m), false), m ->> 'time' DESC LIMIT 1)`;

const history: View = {
  name: 'history',
  comment: 'Every change that is remembered: when, by whom, of what, and the state on both sides of it.',
  select: `SELECT ${listOf({
    revision: 'l.revision',
    at: 'l.at',
    who,
    verb: `CASE WHEN l.deleted THEN 'delete' WHEN l.previous_revision IS NULL THEN 'create' ELSE 'update' END`,
    resource: 'l.resource',
    namespace: 'l.namespace',
    name: 'l.name',
    bytes_before: 'octet_length(t.before)',
    bytes_after: 'octet_length(t.after)',
    before: 'd.before',
    after: 'd.after',
  })}
  FROM kubephant.log l
  LEFT JOIN kubephant.log n ON n.previous_revision = l.revision
  LEFT JOIN kubephant.objects o ON NOT l.deleted AND o.resource = l.resource AND o.namespace = l.namespace
    AND o.name = l.name AND o.revision = l.revision
  ${once('t', { before: 'l.previous::text', after: 'CASE WHEN NOT l.deleted THEN coalesce(n.previous, o.data)::text END' })}
  ${once('d', { before: shown('l.resource', 't.before'), after: shown('l.resource', 't.after') })}`,
};

/** Everything that people may read in SQL, in the schema of the store beside its tables. */
export const views: readonly View[] = [
  ...Object.entries(resourceViews).map(resourceView),
  resources,
  history,
  managers,
];
