import { schemas } from '../registry';
import type { Field, ObjectSchema, Schema } from '../schema';
import { isEmbedded, isIntOrString, isPreserving, type StructuralSchema } from './form';

const string: Schema = { type: 'string' };
const any: Schema = { type: 'any' };

/** Fields that every object has which stands alone, in the order of upstream's custom resources: by name. */
function typeMeta(): readonly Field[] {
  const metadata = schemas.get('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
  return [
    { name: 'apiVersion', schema: string },
    { name: 'kind', schema: string },
    { name: 'metadata', schema: metadata },
  ];
}

/** A form as the machinery of patches, ownership and strict decoding walks it. `isKind`: the form of a whole object. */
export function toSchema(form: StructuralSchema, isKind = false): Schema {
  if (isIntOrString(form)) return any;
  if (isKind || isEmbedded(form) || form.properties) return objectOf(form, isKind);
  if (form.type === 'object') return mapOf(form);
  if (form.type === 'array') return listOf(form);
  const scalar = scalars[form.type ?? ''];
  return scalar ?? any;
}

const scalars: Readonly<Record<string, Schema>> = {
  string,
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  number: { type: 'number' },
};

function objectOf(form: StructuralSchema, isKind: boolean): ObjectSchema {
  const own = Object.entries(form.properties ?? {}).map(([name, property]): Field => ({
    name,
    schema: toSchema(property),
    ...(property.default !== undefined && { default: property.default }),
  }));
  const implied = isKind || isEmbedded(form) ? typeMeta() : [];
  const fields = new Map([...own, ...implied].map((field) => [field.name, field] as const));
  return { type: 'object', fields, ...(isKind && { isKind }), ...looseness(form), ...atomicity(form) };
}

const looseness = (form: StructuralSchema): { readonly preserveUnknown?: true } =>
  isPreserving(form) || form.additionalProperties !== undefined ? { preserveUnknown: true } : {};

const atomicity = (form: StructuralSchema): { readonly mapType?: 'atomic' } =>
  form['x-kubernetes-map-type'] === 'atomic' ? { mapType: 'atomic' } : {};

function mapOf(form: StructuralSchema): Schema {
  const { additionalProperties: values } = form;
  if (values === undefined) return { type: 'object', fields: new Map(), ...looseness(form), ...atomicity(form) };
  return { type: 'map', values: typeof values === 'object' ? toSchema(values) : any, ...atomicity(form) };
}

function listOf(form: StructuralSchema): Schema {
  const listType = form['x-kubernetes-list-type'];
  const keys = form['x-kubernetes-list-map-keys'];
  return {
    type: 'list',
    items: form.items ? toSchema(form.items) : any,
    listType: listType === 'set' || listType === 'map' ? listType : 'atomic',
    ...(keys && { listMapKeys: keys }),
  };
}
