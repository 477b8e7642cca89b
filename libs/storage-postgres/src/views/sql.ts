import { escapeLiteral } from 'pg';

/**
 * Expressions over one object, which the view has as `data` (jsonb) and `text`. Paths are written with dots and `[*]` for
 * every element of an array: `spec.containers[*].image`.
 */
export interface Column {
  readonly sql: string;
}

const keys = (path: string): string => escapeLiteral(`{${path.split('.').join(',')}}`);
const jsonPath = (path: string): string => escapeLiteral(`$.${path}`);
const every = (path: string): string => `jsonb_path_query(d.data, ${jsonPath(path)})`;

export const text = (path: string): Column => ({ sql: `d.data #>> ${keys(path)}` });
export const json = (path: string): Column => ({ sql: `d.data #> ${keys(path)}` });
export const integer = (path: string): Column => ({ sql: `(d.data #>> ${keys(path)})::bigint` });
export const boolean = (path: string): Column => ({ sql: `(d.data #>> ${keys(path)})::boolean` });
export const time = (path: string): Column => ({ sql: `(d.data #>> ${keys(path)})::timestamptz` });

/** An array of text: one element for each that the path finds. */
export const texts = (path: string): Column => ({ sql: `ARRAY(SELECT v #>> '{}' FROM ${every(path)} v)` });
export const count = (path: string): Column => ({ sql: `(SELECT count(*) FROM ${every(path)})` });
export const sum = (path: string): Column => ({
  sql: `(SELECT coalesce(sum((v #>> '{}')::bigint), 0)::bigint FROM ${every(path)} v)`,
});
/** How many entries an object has. */
export const size = (path: string): Column => ({
  sql: `(SELECT count(*) FROM jsonb_object_keys(coalesce(d.data #> ${keys(path)}, '{}')))`,
});
/** Whether a condition of the status is True; null when it is not there or Unknown. */
export const condition = (type: string): Column => ({
  sql: `CASE ${first(`status.conditions[*] ? (@.type == "${type}").status`)} WHEN 'True' THEN true WHEN 'False' THEN false END`,
});
/** The first that a path finds. */
export const firstOf = (path: string): Column => ({ sql: first(path) });
const first = (path: string): string => `jsonb_path_query_first(d.data, ${jsonPath(path)}) #>> '{}'`;

/** `Kind/name` of what a reference points to. */
export const reference = (path: string): Column => ({
  sql: `d.data #>> ${keys(`${path}.kind`)} || '/' || (d.data #>> ${keys(`${path}.name`)})`,
});
/** The same of each reference in an array. */
export const references = (path: string): Column => ({
  sql: `ARRAY(SELECT concat(v ->> 'kind', '/', v ->> 'name') FROM ${every(path)} v)`,
});

/**
 * Text that may become jsonb: as it is, except that jsonb has no place for NUL and lone surrogates, which a client may
 * have stored. One such object must not make a view fail.
 */
const asJsonb = (value: string): string =>
  `CASE WHEN strpos(${value}, '\\u0000') + strpos(${value}, '\\ud') = 0 THEN ${value}::jsonb
    ELSE regexp_replace(${value}, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u(?:0000|d[89a-f][0-9a-f]{2})', '\\1\\ufffd', 'g')::jsonb END`;

/** Without what is secret in a Secret: its data, and its annotations, because tools keep copies of the data in them. */
const withoutSecrets = (value: string): string => `(${value}) - 'data' - 'stringData' #- '{metadata,annotations}'`;

/** What may be shown of an object of a resource, both given as expressions. The resource may be a literal. */
export const shown = (resource: string, value: string): string =>
  `CASE WHEN ${resource} = 'secrets' THEN ${withoutSecrets(asJsonb(value))} ELSE ${asJsonb(value)} END`;

/** Lateral joins whose outputs are computed once per row, and not at all when nobody asks for them. */
export const once = (alias: string, outputs: Readonly<Record<string, string>>): string =>
  `CROSS JOIN LATERAL (SELECT ${listOf(outputs)} OFFSET 0) ${alias}`;

export const listOf = (outputs: Readonly<Record<string, string>>): string =>
  Object.entries(outputs)
    .map(([name, sql]) => `${sql} AS "${name}"`)
    .join(',\n    ');
