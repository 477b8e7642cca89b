import type { Draft } from '@kubephant/api';
import { isObject, own, type JsonObject } from '../patch/json';
import type { ObjectSchema } from '../schema';
import { compare } from './compare';
import type { Conflict } from './conflicts';
import { difference, isEmpty } from './field-set';
import { toFieldSet } from './to-set';
import { typeErrors } from './validate';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** Beyond this the annotation is emptied instead of kept in step. */
const maxBytes = 262_144;

function annotationOf(object: JsonObject): string | undefined {
  const metadata = own(object, 'metadata');
  const annotations = isObject(metadata) ? own(metadata, 'annotations') : undefined;
  const text = isObject(annotations) ? own(annotations, annotation) : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

interface Question {
  readonly schema: ObjectSchema;
  readonly live: JsonObject;
  readonly manager: string;
  readonly conflicts: readonly Conflict[];
}

/** Whether all conflicts are over fields that kubectl applied itself, client-side, and that are still as it left them. */
export function allowedByLastApplied({ schema, live, manager, conflicts }: Question): boolean {
  const text = manager === 'kubectl' ? annotationOf(live) : undefined;
  const last = text === undefined ? undefined : parse(text);
  if (!last || typeErrors(schema, last).length > 0) return false;
  const { added, modified, removed } = compare(schema, last, live);
  const intact = [modified, added, removed].reduce(difference, toFieldSet(schema, last));
  return conflicts.every(({ set }) => isEmpty(difference(set, intact)));
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // anyone may have written the annotation
  }
}

/** Keeps the annotation of client-side apply in step when kubectl applies to an object that has it. */
export function withLastApplied(live: JsonObject, object: JsonObject, applied: Draft): JsonObject {
  if (annotationOf(live) === undefined) return object;
  const { annotations: given, managedFields: _, ...rest } = applied.metadata;
  const { [annotation]: __, ...others } = given ?? {};
  const metadata = given ? { ...rest, annotations: others } : rest;
  const text = `${kubectlJson({ ...applied, metadata })}\n`;
  const meta = object['metadata'] as JsonObject;
  const annotations = { ...(meta['annotations'] as JsonObject), [annotation]: text.length > maxBytes ? '' : text };
  return { ...object, metadata: { ...meta, annotations } };
}

const unsafeInHtml = /[<>&\u2028\u2029]/g;
const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
const quote = (value: unknown): string => JSON.stringify(value).replace(unsafeInHtml, escaped);

/** JSON as kubectl writes it: keys sorted, numbers like any other, and nothing in it that HTML would read as its own. */
function kubectlJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(kubectlJson).join(',')}]`;
  if (!isObject(value)) return quote(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, item]) => `${quote(key)}:${kubectlJson(item)}`).join(',')}}`;
}
