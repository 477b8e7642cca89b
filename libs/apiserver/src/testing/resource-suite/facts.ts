import type { KubeObject } from '@kubephant/api';
import type { Json } from './subject';

/** What the server draws anew for each object: mounted tokens' names, uids, addresses of services. */
const since = /"lastTransitionTime":"[^"]+"/g;
const drawn = /kube-api-access-\w{5}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|10\.96\.\d+\.\d+/g;

/** An object without what the server says of it: what a client may compare. */
export function substance(object: KubeObject): Json {
  const { metadata, ...rest } = JSON.parse(
    JSON.stringify(object).replaceAll(drawn, '…').replaceAll(since, '"since":"…"'),
  ) as KubeObject;
  const { name, labels, annotations } = metadata;
  return { ...rest, metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) } };
}

/** The object with another part, as a client sends it back. */
export const withLabels = (object: KubeObject, labels: Record<string, string>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, labels },
});

/** The merge patch that makes `to` out of `from`: null for what is gone, lists as a whole. */
export function mergePatchOf(from: unknown, to: unknown): unknown {
  if (!isFields(from) || !isFields(to)) return to;
  const patch: Json = {};
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (!(key in to)) patch[key] = null;
    else if (JSON.stringify(from[key]) !== JSON.stringify(to[key])) patch[key] = mergePatchOf(from[key], to[key]);
  }
  return patch;
}

const isFields = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Failure {
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly reason: string }[] };
}

/** `field: reason` of every cause of a Status. */
export const causesOf = (status: unknown): readonly string[] =>
  ((status as Failure).details?.causes ?? []).map(({ field, reason }) => `${field}: ${reason}`);

/** Whether `whole` says all that `part` says; lists have to have as many members. */
export function covers(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && whole.length === part.length && part.every((one, at) => covers(whole[at], one));
  }
  if (!isFields(part)) return whole === part;
  return isFields(whole) && Object.entries(part).every(([key, value]) => covers(whole[key], value));
}
