import type { Json } from './row';

const streams = /^application\/.*(;stream=watch|cbor-seq)$/;

/** A document of OpenAPI 3 in the words of version 2. */
export function toVersion2(document: Json): Json {
  const { info, paths, components, security } = document as {
    info: Json;
    paths: Record<string, Json>;
    components: { schemas: Record<string, Json>; securitySchemes: Json };
    security: unknown;
  };
  return {
    swagger: '2.0',
    info,
    paths: mapValues(paths, (path) =>
      mapValues(path, (part, name) => (name === 'parameters' ? plainParameters(part) : operation(part as Json))),
    ),
    definitions: mapValues(components.schemas, (schema) => plainSchema(schema)),
    securityDefinitions: components.securitySchemes,
    security,
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
    produces: produces.sort((a, b) => Number(streams.test(a)) - Number(streams.test(b))),
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
  const { allOf, oneOf, anyOf: _anyOf, not: _not, default: _default, ...described } = schema;
  const { nullable: _nullable, properties, items, additionalProperties, ...rest } = described;
  const [reference] = (allOf as readonly Json[] | undefined) ?? [];
  return {
    ...mapReference(rest),
    ...(reference && mapReference(reference)),
    ...(oneOf !== undefined && rest['type'] === undefined && { type: 'string' }),
    ...(isObject(properties) && { properties: mapValues(properties, (each) => plainSchema(each as Json)) }),
    ...(isObject(items) && { items: plainSchema(items) }),
    ...(isObject(additionalProperties) && { additionalProperties: plainSchema(additionalProperties) }),
  };
}

const mapReference = (schema: Json): Json =>
  typeof schema['$ref'] === 'string'
    ? { ...schema, $ref: schema['$ref'].replace('#/components/schemas/', '#/definitions/') }
    : schema;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const mapValues = <T>(object: Readonly<Record<string, T>>, change: (value: T, key: string) => unknown): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
