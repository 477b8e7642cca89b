import type { Json } from './row';

/** A document of version 2 of another server, of which only the paths of one group version count. */
export interface OtherDocument {
  /** `/apis/example.com/v1/` */
  readonly prefix: string;
  readonly document: Json;
}

const part = (document: Json, name: string): Json => (document[name] ?? {}) as Json;

/**
 * One document of several servers. What they all define under one name (metadata, lists of versions) is taken as the
 * first of them defines it.
 */
export function mergeVersion2(own: Json, others: readonly OtherDocument[]): Json {
  const paths = others.flatMap(({ prefix, document }) =>
    Object.entries(part(document, 'paths')).filter(([path]) => path.startsWith(prefix)),
  );
  const definitions = others.map(({ document }) => part(document, 'definitions')).reverse();
  return {
    ...own,
    paths: sorted({ ...part(own, 'paths'), ...Object.fromEntries(paths) }),
    definitions: sorted(Object.assign({}, ...definitions, part(own, 'definitions')) as Json),
  };
}

const sorted = (object: Json): Json => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
