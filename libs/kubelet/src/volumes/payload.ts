import { badRequest, is } from '@kubephant/api';
import type {
  ConfigMap,
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  Secret,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '@kubephant/schema';
import type { ReferencedObjects } from '../pods/environment';
import { fieldValue, resourceValue, type PodFacts } from '../pods/field-values';
import type { Payload, PayloadFile } from './atomic-writer';

export interface PayloadInput {
  readonly pod: Pod;
  readonly facts: PodFacts;
  readonly objects: ReferencedObjects;
  /** A token for the pod's service account, bound to the pod. */
  token(projection: ServiceAccountTokenProjection): Promise<string>;
}

const defaultMode = 0o644;

/** The files of a configMap, secret, downwardAPI or projected volume; undefined for other kinds. Rejects with NotFound when something required is missing. */
export async function volumePayload(volume: Volume, input: PayloadInput): Promise<Payload | undefined> {
  const { secret, projected } = volume;
  const mode = modeOf(volume);
  if (secret) return await projectedFiles({ secret: { ...secret, name: secret.secretName ?? '' } }, mode, input);
  if (volume.configMap ?? volume.downwardAPI) return await projectedFiles(volume, mode, input);
  if (!projected) return undefined;
  const merged = new Map<string, PayloadFile>();
  for (const source of projected.sources ?? []) {
    for (const [path, file] of await projectedFiles(source, mode, input)) merged.set(path, file);
  }
  return merged;
}

function modeOf({ configMap, secret, downwardAPI, projected }: Volume): number {
  return (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode ?? defaultMode;
}

async function projectedFiles(source: VolumeProjection, mode: number, input: PayloadInput): Promise<Payload> {
  if (source.configMap) return await configMapFiles(source.configMap, mode, input);
  if (source.secret) return await secretFiles(source.secret, mode, input);
  if (source.downwardAPI) return downwardFiles(source.downwardAPI.items, mode, input);
  if (source.serviceAccountToken) return await tokenFile(source.serviceAccountToken, mode, input);
  throw badRequest(`projected volumes of ${Object.keys(source).join(', ') || 'nothing'} are not supported`);
}

interface ObjectSource {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

async function configMapFiles(source: ObjectSource, mode: number, { pod, objects }: PayloadInput): Promise<Payload> {
  const read = (): Promise<ConfigMap> => objects.configMap(pod.metadata.namespace ?? '', source.name ?? '');
  const found = await optionally(source, read);
  const data = new Map<string, Uint8Array>();
  for (const [key, text] of Object.entries(found?.data ?? {})) data.set(key, Buffer.from(text));
  for (const [key, base64] of Object.entries(found?.binaryData ?? {})) data.set(key, Buffer.from(base64, 'base64'));
  return pick(data, source, mode);
}

async function secretFiles(source: ObjectSource, mode: number, { pod, objects }: PayloadInput): Promise<Payload> {
  const read = (): Promise<Secret> => objects.secret(pod.metadata.namespace ?? '', source.name ?? '');
  const found = await optionally(source, read);
  const entries = Object.entries(found?.data ?? {});
  return pick(new Map(entries.map(([key, base64]) => [key, Buffer.from(base64, 'base64')])), source, mode);
}

async function optionally<T>({ optional }: ObjectSource, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (err) {
    if (optional && is('NotFound', err)) return undefined;
    throw err;
  }
}

function pick(data: ReadonlyMap<string, Uint8Array>, { items, optional }: ObjectSource, mode: number): Payload {
  if (!items || items.length === 0) return new Map([...data].map(([key, content]) => [key, { data: content, mode }]));
  const picked = new Map<string, PayloadFile>();
  for (const item of items) {
    const content = data.get(item.key);
    if (content) picked.set(item.path, { data: content, mode: item.mode ?? mode });
    else if (!optional) throw badRequest(`references non-existent config key: ${item.key}`);
  }
  return picked;
}

function downwardFiles(
  items: readonly DownwardAPIVolumeFile[] = [],
  mode: number,
  { pod, facts }: PayloadInput,
): Payload {
  return new Map(
    items.map((item) => {
      const { fieldRef, resourceFieldRef } = item;
      const text = fieldRef
        ? fieldValue(fieldRef.fieldPath, pod, facts)
        : resourceValue(resourceFieldRef ?? { resource: '' }, '', pod, facts);
      return [item.path, { data: Buffer.from(text), mode: item.mode ?? mode }];
    }),
  );
}

/** A token is for the pod's own user only, where it is clear who that is. */
async function tokenFile(source: ServiceAccountTokenProjection, mode: number, input: PayloadInput): Promise<Payload> {
  const data = Buffer.from(await input.token(source));
  const gid = input.pod.spec.securityContext?.fsGroup;
  const uid = onlyUser(input.pod);
  const owned = gid !== undefined || uid !== undefined;
  const groupBits = gid === undefined ? 0 : 0o040;
  const file = { data, mode: owned ? 0o600 | groupBits : mode };
  return new Map([[source.path, { ...file, ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) }]]);
}

function onlyUser({ spec }: Pod): number | undefined {
  const users = [...spec.containers, ...(spec.initContainers ?? [])].map(
    ({ securityContext }) => securityContext?.runAsUser ?? spec.securityContext?.runAsUser,
  );
  return new Set(users).size === 1 ? users[0] : undefined;
}
