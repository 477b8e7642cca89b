import type { StructuralSchema } from '@kubephant/schema';
import { forbidden, none, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

/** What only a schema that stands by itself may say, and how upstream says that an alternative may not. */
const standing: readonly (readonly [keyof StructuralSchema, 'empty' | 'undefined' | 'false'])[] = [
  ['type', 'empty'],
  ['additionalProperties', 'undefined'],
  ['default', 'undefined'],
  ['title', 'empty'],
  ['description', 'empty'],
  ['nullable', 'false'],
  ['x-kubernetes-preserve-unknown-fields', 'false'],
  ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'],
  ['x-kubernetes-list-map-keys', 'empty'],
  ['x-kubernetes-list-type', 'undefined'],
  ['x-kubernetes-map-type', 'undefined'],
  ['x-kubernetes-validations', 'empty'],
];

interface Alternative {
  readonly schema: StructuralSchema;
  readonly path: Path;
}

function alternativesOf(schema: StructuralSchema, path: Path): readonly Alternative[] {
  const listed = (['anyOf', 'allOf', 'oneOf'] as const).flatMap((name) =>
    (schema[name] ?? []).map((one, index) => ({ schema: one, path: path.child(name).index(index) })),
  );
  return schema.not ? [...listed, { schema: schema.not, path: path.child('not') }] : listed;
}

/** `anyOf: [{type: integer}, {type: string}]`: the one place where alternatives may have types. */
const isIntOrStringPair = (one: StructuralSchema[] | readonly StructuralSchema[] | null | undefined): boolean =>
  one?.length === 2 && one[0]?.type === 'integer' && one[1]?.type === 'string';

/** Alternatives restrict what the schema around them describes, and describe nothing. */
export function validateNestedIn(schema: StructuralSchema, path: Path): Causes {
  const typed = typedIn(schema);
  return alternativesOf(schema, path).flatMap(({ schema: one, path: at }) => validateNested(one, at, typed));
}

function typedIn(schema: StructuralSchema): readonly StructuralSchema[] {
  const inFirst = schema.allOf?.[0]?.anyOf;
  const pair = isIntOrStringPair(schema.anyOf) ? schema.anyOf : isIntOrStringPair(inFirst) ? inFirst : undefined;
  return pair ?? [];
}

function validateNested(schema: StructuralSchema, path: Path, typed: readonly StructuralSchema[]): Causes {
  return [
    ...alternativesOf(schema, path).flatMap(({ schema: one, path: at }) => validateNested(one, at, typed)),
    ...(schema.items ? validateNested(schema.items, path.child('items'), []) : none),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateNested(property, path.child('properties').key(name), []),
    ),
    ...standing.flatMap(([name, wanted]) =>
      when(isSaid(schema[name]) && !(name === 'type' && typed.includes(schema)), () =>
        forbidden(path.child(name), `must be ${wanted} to be structural`),
      ),
    ),
    ...when(schema.properties?.['metadata'] !== undefined, () =>
      forbidden(path.child('properties').key('metadata'), 'must not be specified in a nested context'),
    ),
  ];
}

const isSaid = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0);

/** What alternatives restrict is described outside of them. */
export function validateCompleteness(schema: StructuralSchema, path: Path): Causes {
  const additional = schema.additionalProperties;
  return [
    ...alternativesOf(schema, path).flatMap((one) => missingIn(one, schema, path)),
    ...(schema.items ? validateCompleteness(schema.items, path.child('items')) : none),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateCompleteness(property, path.child('properties').key(name)),
    ),
    ...(typeof additional === 'object' ? validateCompleteness(additional, path.child('additionalProperties')) : none),
  ];
}

function missingIn(one: Alternative, described: StructuralSchema | undefined, path: Path): Causes {
  const { schema, path: at } = one;
  const why = (where: Path): string => `because it is defined in ${where.toString()}`;
  const below = (part: StructuralSchema, where: Path, found: StructuralSchema | undefined, to: Path): Causes =>
    found ? missingIn({ schema: part, path: where }, found, to) : [required(to, why(where))];
  const properties = isOpen(described) ? {} : (schema.properties ?? {});
  return [
    ...alternativesOf(schema, at).flatMap((inner) => missingIn(inner, described, path)),
    ...(schema.items && Object.keys(schema.items).length > 0
      ? below(schema.items, at.child('items'), described?.items, path.child('items'))
      : none),
    ...Object.entries(properties).flatMap(([name, property]) =>
      below(
        property,
        at.child('properties').key(name),
        describedProperty(described, name),
        path.child('properties').key(name),
      ),
    ),
  ];
}

/** Nothing is described, so that nothing is missing. */
const isOpen = (schema: StructuralSchema | undefined): boolean => Object.keys(schema?.properties ?? {}).length === 0;

function describedProperty(schema: StructuralSchema | undefined, name: string): StructuralSchema | undefined {
  const { properties, additionalProperties: additional } = schema ?? {};
  if (properties && Object.hasOwn(properties, name)) return properties[name];
  return typeof additional === 'object' ? additional : undefined;
}
