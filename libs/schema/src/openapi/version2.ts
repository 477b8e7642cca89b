import type { Json } from './row';

const isStream = (type: string): boolean => type.endsWith(';stream=watch');

/** A document of OpenAPI 3 in the words of version 2. */
export function toVersion2(document: Json): Json {
  const { info, paths, components } = document as {
    info: Json;
    paths: Record<string, Json>;
    components: { schemas?: Record<string, Json>; securitySchemes: Json };
  };
  return {
    swagger: '2.0',
    info,
    paths: mapValues(paths, (path) =>
      mapValues(path, (part, name) => (name === 'parameters' ? plainParameters(part) : operation(part as Json))),
    ),
    definitions: mapValues(components.schemas ?? {}, definition),
    securityDefinitions: components.securitySchemes,
    security: Object.keys(components.securitySchemes).map((scheme) => ({ [scheme]: [] })),
  };
}

function operation({ parameters, requestBody, responses, ...rest }: Json): Json {
  const body = requestBody as { content: Record<string, { schema: Json }>; required?: true } | undefined;
  const answers = responses as Record<string, { content?: Record<string, { schema: Json }>; description: string }>;
  const [schema] = Object.values(body?.content ?? {}).map((content) => plainSchema(content.schema));
  const bodyParameter = schema ? [{ in: 'body', name: 'body', ...(body?.required && { required: true }), schema }] : [];
  const all = [...bodyParameter, ...plainParameters(parameters ?? [])];
  const produces = [...new Set(Object.values(answers).flatMap(({ content = {} }) => Object.keys(content)))];
  return {
    ...rest,
    consumes: Object.keys(body?.content ?? { '*/*': {} }),
    produces: produces.sort((a, b) => Number(isStream(a)) - Number(isStream(b))),
    schemes: ['https'],
    ...(all.length > 0 && { parameters: all }),
    responses: mapValues(answers, ({ content = {}, description }) => {
      const [first] = Object.values(content);
      return { description, ...(first && { schema: plainSchema(first.schema) }) };
    }),
  };
}

const plainParameters = (parameters: unknown): readonly Json[] =>
  (parameters as (Json & { schema: Json })[]).map(({ schema, ...rest }) => ({ ...rest, ...schema }));

/** Version 2 publishes no defaults, and knows no alternatives: those are written as their usual type. */
function plainSchema(schema: Json): Json {
  const { allOf, oneOf, anyOf: _anyOf, not: _not, default: _default, ...described } = narrowed(schema);
  const { nullable: _nullable, properties, items, additionalProperties, ...rest } = described;
  const [reference] = (allOf as readonly Json[] | undefined) ?? [];
  const alternative = oneOf !== undefined && rest['type'] === undefined && rest[intOrString] === undefined;
  return {
    ...mapReference(rest),
    ...(reference && mapReference(reference)),
    ...(alternative && { type: 'string' }),
    ...(isObject(properties) && { properties: mapValues(properties, (each) => plainSchema(each as Json)) }),
    ...(isObject(items) && { items: plainSchema(items) }),
    ...(isObject(additionalProperties) && { additionalProperties: plainSchema(additionalProperties) }),
  };
}

const kinds = 'x-kubernetes-group-version-kind';
const selectable = 'x-kubernetes-selectable-fields';
const embedded = 'x-kubernetes-embedded-resource';
const typeFields: readonly string[] = ['kind', 'apiVersion'];
const intOrString = 'x-kubernetes-int-or-string';
const unknownFields = 'x-kubernetes-preserve-unknown-fields';

/**
 * Readers of version 2 take null for a value of the wrong type, and a field that is not described for an unknown one: of
 * what may be null or have more fields, nothing is said that they would refuse it by.
 */
function narrowed(schema: Json): Json {
  const { type, properties, items, required: _required, ...rest } = schema;
  const open = schema[unknownFields] === true;
  const told = open || schema['nullable'] === true ? {} : { properties, items };
  const untyped = schema['nullable'] === true || (open && type === 'object') || (type === 'array' && !told.items);
  const required = requiredIn(schema);
  return {
    ...rest,
    ...told,
    ...(!untyped && type !== undefined && { type }),
    ...(required.length > 0 && { required }),
  };
}

/** Neither what may be null, nor the type of an object in an object of which nothing is said. */
function requiredIn(schema: Json): readonly string[] {
  const untold = schema[unknownFields] === true && schema[embedded] === true ? typeFields : [];
  const names = (schema['required'] as readonly string[] | undefined) ?? [];
  return names.filter((name) => !mayBeNull(schema['properties'], name) && !untold.includes(name));
}

const mayBeNull = (properties: unknown, name: string): boolean =>
  (properties as Record<string, Json> | undefined)?.[name]?.['nullable'] === true;

/** A kind that keeps fields nobody described is an object, and nothing more can be said without refusing some. */
const definition = (schema: Json): Json =>
  schema[unknownFields] === true && schema[kinds] !== undefined
    ? {
        type: 'object',
        [kinds]: schema[kinds],
        ...(schema[selectable] !== undefined && { [selectable]: schema[selectable] }),
      }
    : plainSchema(schema);

const mapReference = (schema: Json): Json =>
  typeof schema['$ref'] === 'string'
    ? { ...schema, $ref: schema['$ref'].replace('#/components/schemas/', '#/definitions/') }
    : schema;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const mapValues = <T>(object: Readonly<Record<string, T>>, change: (value: T, key: string) => unknown): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
