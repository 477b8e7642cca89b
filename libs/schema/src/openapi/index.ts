import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { apiVersionOf } from '@kubephant/api';
import { Components, type Descriptions, type GroupVersion } from './components';
import { addCustom } from './custom';
import { mergeVersion2, type OtherDocument } from './merge';
import { Operations } from './operations';
import { withOwnTexts } from './own-texts';
import { pagesOf, writePage, type Page } from './pages';
import type { Json, OpenApiRow } from './row';
import { toVersion2 } from './version2';
import { encodeVersion2 } from './version2-protobuf';

export type { OtherDocument } from './merge';
export { toVersion3 } from './version3-from-2';
export { encodeVersion3 } from './version3-protobuf';
export type { Json, OpenApiRow, OpenApiSubresource } from './row';

/** OpenAPI of a set of resources: made when first asked for, kept as bytes. */
export interface OpenApi {
  /** The index that is served at /openapi/v3. */
  index(): Buffer;
  /** A document (`api/v1`, `apis/apps/v1`) and its hash, which the index links with. Undefined if there is none. */
  document(path: string): Promise<{ readonly bytes: Buffer; readonly hash: string } | undefined>;
  /** The document of everything in version 2, as JSON; made anew when `others` is another list. */
  version2(others?: readonly OtherDocument[]): Promise<Buffer>;
  /** The same in protobuf (`application/com.github.proto-openapi.spec.v2@v1.0+protobuf`). */
  version2Protobuf(others?: readonly OtherDocument[]): Promise<Buffer>;
}

/**
 * `version` goes into hashes and documents: with another version of the program, texts may differ. `documents` are those
 * of an earlier set of resources, by hash: they are made only where they differ, and forgotten when they are in use no more.
 */
export function newOpenApi(
  rows: readonly OpenApiRow[],
  version: string,
  documents = new Map<string, Promise<Buffer>>(),
): OpenApi {
  const parts = partsOf(rows);
  const hashes = new Map([...parts].map(([path, part]) => [path, hashOf([version, part.rows, part.pages])]));
  const whole = (): Part => ({ rows, pages: [...parts.values()].flatMap(({ pages }) => pages) });
  const used = new Set(hashes.values());
  for (const hash of documents.keys()) if (!used.has(hash)) documents.delete(hash);
  const second = async (others: readonly OtherDocument[]): Promise<Json> =>
    mergeVersion2(toVersion2(await build(whole(), version)), others);
  return {
    index: () => bytesOf({ paths: indexOf(hashes) }),
    async document(path) {
      const [part, hash] = [parts.get(path), hashes.get(path)];
      if (!part || hash === undefined) return undefined;
      const made = documents.get(hash) ?? build(part, version).then(bytesOf);
      documents.set(hash, made);
      return { bytes: await made, hash };
    },
    version2: lastOf(async (others) => bytesOf(await second(others))),
    version2Protobuf: lastOf(async (others) => encodeVersion2(await second(others))),
  };
}

const noOthers: readonly OtherDocument[] = [];

/** Makes what it made last, unless it is asked about something else. */
function lastOf(make: (others: readonly OtherDocument[]) => Promise<Buffer>): OpenApi['version2'] {
  let last: { readonly others: readonly OtherDocument[]; readonly made: Promise<Buffer> } | undefined;
  return async (others = noOthers) => {
    if (last?.others !== others) last = { others, made: make(others) };
    return await last.made;
  };
}

const indexOf = (hashes: ReadonlyMap<string, string>): Json =>
  Object.fromEntries(
    [...hashes].sort().map(([path, hash]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]),
  );

/** What one document is about. */
interface Part {
  readonly rows: readonly OpenApiRow[];
  readonly pages: readonly Page[];
}

function partsOf(rows: readonly OpenApiRow[]): ReadonlyMap<string, Part> {
  const byPath = Map.groupBy(rows, (row) => (row.group ? `apis/${row.group}/${row.version}` : `api/${row.version}`));
  const pages = pagesOf(rows);
  const paths = new Set([...byPath.keys(), ...pages.keys()]);
  return new Map([...paths].map((path) => [path, { rows: byPath.get(path) ?? [], pages: pages.get(path) ?? [] }]));
}

/** Other work is let in after so many resources. */
const resourcesPerTurn = 10;

async function build({ rows, pages }: Part, version: string): Promise<Json> {
  const components = new Components(withOwnTexts(await loadDescriptions()), groupVersionsOf(rows));
  const paths: Record<string, Json> = {};
  for (const page of pages) writePage(page, components, paths);
  for (const [index, row] of rows.entries()) {
    if (index % resourcesPerTurn === resourcesPerTurn - 1) await setImmediate();
    if (row.custom) addCustom(components, row, row.custom);
    new Operations(row, components, paths).write();
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      ...components.sorted(),
      securitySchemes: {
        BearerToken: { description: 'Bearer token', in: 'header', name: 'authorization', type: 'apiKey' },
      },
    },
  };
}

/** Which versions of named groups there are, once each. */
function groupVersionsOf(rows: readonly OpenApiRow[]): readonly GroupVersion[] {
  const named = rows.filter(({ group }) => group !== '').map(({ group, version }) => ({ group, version }));
  return [...new Map(named.map((one) => [apiVersionOf(one.group, one.version), one])).values()];
}

/** The texts are a megabyte: they are loaded with the first document. */
async function loadDescriptions(): Promise<Descriptions> {
  const { default: descriptions } = await import('../generated/descriptions.json');
  return descriptions as unknown as Descriptions;
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const hashOf = (value: unknown): string =>
  createHash('sha512').update(JSON.stringify(value)).digest('hex').toUpperCase();
