import { kindOfSchema, type GroupVersionKind } from '../kinds';
import { schemas } from '../registry';
import type { Field, ObjectSchema, ScalarSchema, Schema } from '../schema';
import { enums } from './enums';
import { fieldTexts } from './field-texts';
import type { Json } from './row';

/** What definitions and their fields mean: `[text, { field: text }]` by definition. */
export type Descriptions = Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>>;

export type GroupVersion = Pick<GroupVersionKind, 'group' | 'version'>;

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Definitions that are no objects with fields. */
const named: Readonly<Record<string, Json>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    description:
      'A fixed-point number with an optional suffix: m, k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei, or an exponent (12e6).',
    oneOf: [{ type: 'string' }, { type: 'number' }],
  },
  [`${meta}.Time`]: { description: 'A time in RFC 3339, in whole seconds.', type: 'string', format: 'date-time' },
  [`${meta}.MicroTime`]: { description: 'A time in RFC 3339, in microseconds.', type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    description: 'An integer of 32 bits, or a text: a port by number or name, an amount or a percentage.',
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { description: 'An object of any kind.', type: 'object' },
  [`${meta}.FieldsV1`]: { description: 'A set of fields, as a tree.', type: 'object' },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': { description: 'Any JSON value.' },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': {
    description: 'A JSON schema, or a list of them.',
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': {
    description: 'A JSON schema, or a boolean.',
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': {
    description: 'A JSON schema, or a list of names.',
  },
};

const core: GroupVersion = { group: '', version: 'v1' };
const kindsOfAll = new Map(['DeleteOptions', 'WatchEvent'].map((kind) => [`${meta}.${kind}`, kind]));

const scalarNames: Partial<Record<Schema['type'], string>> = {
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  time: `${meta}.Time`,
  microTime: `${meta}.MicroTime`,
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
};

/** The components of a document: those asked for, and all that they refer to. */
export class Components {
  readonly #descriptions: Descriptions;
  readonly #groupVersions: readonly GroupVersion[];
  readonly #made = new Map<string, Json>();

  /** `groupVersions` are those that the document is about. */
  constructor(descriptions: Descriptions, groupVersions: readonly GroupVersion[]) {
    this.#descriptions = descriptions;
    this.#groupVersions = groupVersions;
  }

  /** `#/components/schemas/NAME`, which is in the document from now on. */
  reference(name: string): Json {
    this.#require(name);
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Publishes a form that is no built-in definition. */
  add(name: string, component: Json): void {
    this.#made.set(name, component);
  }

  /** What a field of a definition means. */
  textOf(definition: string, field: string): string | undefined {
    return this.#descriptions[definition]?.[1][field];
  }

  /** `{ schemas: … }`, or nothing where there are none. */
  sorted(): Json {
    const schemas = [...this.#made].sort(([a], [b]) => (a < b ? -1 : 1));
    return schemas.length === 0 ? {} : { schemas: Object.fromEntries(schemas) };
  }

  #require(name: string): void {
    if (this.#made.has(name)) return;
    const known = named[name];
    this.#made.set(name, known ?? {});
    if (!known) this.#made.set(name, this.#component(schemas.get(name)));
  }

  #component(schema: ObjectSchema): Json {
    const [description, texts = {}] = this.#descriptions[schema.name ?? ''] ?? [];
    const fields = [...schema.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const required = [...schema.fields.values()].filter((field) => field.required).map((field) => field.name);
    return {
      ...(description && { description }),
      type: 'object',
      ...(required.length > 0 && { required }),
      ...(fields.length > 0 && {
        properties: Object.fromEntries(fields.map((field) => [field.name, this.#property(field, texts[field.name])])),
      }),
      ...this.#kindsOf(schema),
      ...(schema.mapType && { 'x-kubernetes-map-type': schema.mapType }),
      ...unionsOf(schema),
    };
  }

  /** The kind that the definition is; options and events of a watch are kinds of every group version. */
  #kindsOf(schema: ObjectSchema): Json {
    const everywhere = kindsOfAll.get(schema.name ?? '');
    const own = kindOfSchema(schema);
    const kinds = everywhere
      ? [core, ...this.#groupVersions].map(({ group, version }) => ({ group, kind: everywhere, version }))
      : own && [{ group: own.group, kind: own.kind, version: own.version }];
    return kinds ? { 'x-kubernetes-group-version-kind': kinds } : {};
  }

  #property(field: Field, text: string | undefined): Json {
    const type = this.#type(field.schema, field.goType);
    const description = withValues(text ?? this.#textOf(field), type);
    const value = field.default ?? zeroOf(field);
    const about = {
      ...(description && { description }),
      ...(value !== undefined && { default: value }),
      ...markersOf(field),
    };
    return '$ref' in type && Object.keys(about).length > 0 ? { ...about, allOf: [type] } : { ...about, ...type };
  }

  /** A field without a text of its own has that of its name, or else of its type. */
  #textOf({ name, schema }: Field): string | undefined {
    const ofType = schema.type === 'object' ? this.#descriptions[schema.name ?? '']?.[0] : undefined;
    return fieldTexts.get(name) ?? ofType;
  }

  /** `goType` is the name of its type in the facts, which tells the values it may have. */
  #type(schema: Schema, goType = ''): Json {
    const name = schema.type === 'object' || schema.type === 'any' ? schema.name : scalarNames[schema.type];
    if (name !== undefined) return this.reference(name);
    const inner = goType.replace(/^(\[\]|map\[[^\]]*\])/, '');
    if (schema.type === 'list') return { type: 'array', items: this.#element(schema.items, inner) };
    if (schema.type === 'map') return { type: 'object', additionalProperties: this.#element(schema.values, inner) };
    if (schema.type === 'object' || schema.type === 'any') return { type: 'object' };
    const values = schema.type === 'string' && enums.get(goType);
    return { ...plainType(schema), ...(values && { enum: values }) };
  }

  #element(schema: Schema, goType: string): Json {
    const type = this.#type(schema, goType);
    const value = elementZeros[schema.type];
    if (value === undefined) return type;
    return '$ref' in type ? { allOf: [type], default: value } : { ...type, default: value };
  }
}

const elementZeros: Partial<Record<Schema['type'], unknown>> = {
  object: {},
  string: '',
  boolean: false,
  integer: 0,
  number: 0,
};

/** The value of a field that is written although nobody gave it. */
const zeroOf = ({ zero, schema }: Field): unknown => (zero === 'fill' ? elementZeros[schema.type] : undefined);

/** Readers who show nothing but texts find the values there, too. */
function withValues(text: string | undefined, { enum: values }: Json): string | undefined {
  if (text === undefined || values === undefined) return text;
  const lines = (values as readonly string[]).map((value) => `\n - \`${JSON.stringify(value)}\``);
  return `${text}\n\nPossible enum values:${lines.join('')}`;
}

function plainType({ type, format }: ScalarSchema): Json {
  if (type === 'bytes') return { type: 'string', format: 'byte' };
  if (type === 'duration') return { type: 'string' };
  return { type, ...(format && { format }) };
}

function markersOf({ schema, patchMergeKey, patchStrategy }: Field): Json {
  return {
    ...(schema.type === 'list' && schema.listMapKeys && { 'x-kubernetes-list-map-keys': schema.listMapKeys }),
    ...(schema.type === 'list' && schema.listType && { 'x-kubernetes-list-type': schema.listType }),
    ...mapTypeOf(schema),
    ...(patchMergeKey && { 'x-kubernetes-patch-merge-key': patchMergeKey }),
    ...(patchStrategy && { 'x-kubernetes-patch-strategy': patchStrategy.join(',') }),
  };
}

/** The map type of a map, or of an object where it is not that of its definition. */
function mapTypeOf(schema: Schema): Json {
  if (schema.type !== 'map' && schema.type !== 'object') return {};
  const usual = schema.type === 'object' ? schemas.get(schema.name ?? '').mapType : undefined;
  return schema.mapType === usual ? {} : { 'x-kubernetes-map-type': schema.mapType };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function unionsOf({ unions }: ObjectSchema): Json {
  if (!unions) return {};
  const published = unions.map(({ discriminator, fields }) => ({
    ...(discriminator && { discriminator }),
    'fields-to-discriminateBy': Object.fromEntries(fields.map((field) => [field, capital(field)])),
  }));
  return { 'x-kubernetes-unions': published };
}
