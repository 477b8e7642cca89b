import type { ObjectFacts } from './facts';

interface Stored {
  readonly kind?: unknown;
  readonly apiVersion?: unknown;
  readonly metadata?: { readonly [field: string]: unknown };
}

/** What an object says of itself. */
export interface Described {
  readonly uid?: string;
  readonly kind?: string;
  readonly problems: readonly string[];
}

/** What is wrong with a row of the state by itself: its revisions, its checksum, and what the object says it is. */
export function describeObject(row: ObjectFacts): Described {
  const stored = parse(row.data);
  const problems = [...problemsOfRow(row)];
  if (!stored) return { problems: [...problems, 'is not a JSON object'] };
  const { kind, metadata = {} } = stored;
  const { uid } = metadata;
  problems.push(...problemsOfObject(row, stored, metadata));
  return {
    problems,
    ...(typeof uid === 'string' && uid !== '' && { uid }),
    ...(typeof kind === 'string' && kind !== '' && { kind }),
  };
}

function problemsOfRow({ revision, created_revision: created, checksum, actual }: ObjectFacts): readonly string[] {
  return [
    ...(created > revision || created <= 0 ? [`is at revision ${revision}, and was created at ${created}`] : []),
    ...(checksum !== null && checksum !== actual ? ['is not what was written: its checksum is another'] : []),
  ];
}

function problemsOfObject(
  row: ObjectFacts,
  { kind, apiVersion }: Stored,
  metadata: Readonly<Record<string, unknown>>,
): readonly string[] {
  const group = groupOf(apiVersion);
  const claims: readonly (readonly [field: string, value: unknown, wanted: string])[] = [
    ['metadata.name', metadata['name'], row.name],
    ['metadata.namespace', metadata['namespace'] ?? '', row.namespace],
    ...(group === notes ? [] : [['the group of apiVersion', group, groupOfResource(row.resource)] as const]),
  ];
  const wrong = claims
    .filter(([, value, wanted]) => value !== wanted)
    .map(([field, value, wanted]) => `says that ${field} is ${JSON.stringify(value)} instead of "${wanted}"`);
  const named = [['kind', kind] as const, ...(group === notes ? [] : [['metadata.uid', metadata['uid']] as const])];
  const missing = named
    .filter(([, value]) => typeof value !== 'string' || value === '')
    .map(([field]) => `has no ${field}`);
  return [
    ...wrong,
    ...missing,
    ...('resourceVersion' in metadata ? ['has a metadata.resourceVersion of its own'] : []),
  ];
}

/** The group of what API servers note for each other, which no client sees: it has no uid and no resource. */
const notes = 'kubephant';

function parse(text: string): Stored | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && (value['metadata'] === undefined || isObject(value['metadata'])) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `apps` of `apps/v1`; empty of `v1`. */
function groupOf(apiVersion: unknown): string | undefined {
  if (typeof apiVersion !== 'string' || apiVersion === '') return undefined;
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** `apps` of `deployments.apps`; empty of `pods`. */
const groupOfResource = (resource: string): string =>
  resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '';
