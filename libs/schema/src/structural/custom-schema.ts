import { converter } from '../json/convert';
import { DecodeError } from '../json/error';
import { explain } from '../json/explain';
import { Mismatch } from '../json/scalars';
import { cloneJson, isObject, own, type JsonObject } from '../patch/json';
import { schemas } from '../registry';
import type { ObjectSchema } from '../schema';
import { setDefaults } from './defaults';
import { additionalOf, isEmbedded, propertyOf, type StructuralSchema } from './form';
import { prune } from './prune';
import { sortedByName } from './sorted';
import { toSchema } from './to-schema';

/**
 * The definition of a custom resource. Decoding by it does not look at types, which validation does: it fills in
 * defaults, prunes, and reads metadata as that of any object. Throws DecodeError for metadata that is none.
 */
export function customSchema(form: StructuralSchema): ObjectSchema {
  const schema = toSchema(form, true) as ObjectSchema;
  return { ...schema, read: (value) => readCustom(form, value) };
}

/** A custom resource of the form, made of a value that is not changed. Throws DecodeError. */
export function readCustom(form: StructuralSchema, value: Readonly<JsonObject>): JsonObject {
  const object = cloneJson(value);
  setDefaults(object, form);
  prune(object, form, true);
  readMetadata(object, '');
  readEmbedded(object, form, '');
  return sortedByName(object) as JsonObject;
}

function readMetadata(object: JsonObject, path: string): void {
  const metadata = own(object, 'metadata');
  if (metadata === undefined) return;
  if (metadata === null) {
    Reflect.deleteProperty(object, 'metadata');
    return;
  }
  const form = schemas.get('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
  try {
    object['metadata'] = converter(form)(metadata, { members: 0, unknown: 0 });
  } catch (err) {
    if (!(err instanceof Mismatch)) throw err;
    const why = explain(form, metadata) ?? err.message;
    const prefix = path && `${path}.metadata: Invalid value: ${JSON.stringify(sortedByName(metadata))}: `;
    throw new DecodeError(`${prefix}${why}`, { cause: err });
  }
}

function readTypeMeta(object: JsonObject, path: string): void {
  for (const field of ['apiVersion', 'kind']) {
    const value = own(object, field);
    if (value === undefined || typeof value === 'string') continue;
    throw new DecodeError(`${path}.${field}: Invalid value: ${JSON.stringify(value)}: must be a string`);
  }
  readMetadata(object, path);
}

/** Objects inside of others, whose metadata is read as that of any. */
function readEmbedded(value: unknown, form: StructuralSchema | undefined, path: string): void {
  if (!form) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      readEmbedded(item, form.items, `${path}[${index}]`);
    });
    return;
  }
  if (!isObject(value)) return;
  if (isEmbedded(form)) readTypeMeta(value, path);
  for (const [key, member] of Object.entries(value)) {
    readEmbedded(member, propertyOf(form, key) ?? additionalOf(form), path ? `${path}.${key}` : key);
  }
}
