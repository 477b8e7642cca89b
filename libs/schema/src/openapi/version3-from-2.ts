import type { OtherDocument } from './merge';
import type { Json } from './row';

const methods: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);
/** What in version 3 is said of a parameter itself; all else is its form. */
const ofParameter: ReadonlySet<string> = new Set(['name', 'in', 'description', 'required', 'allowEmptyValue']);

/** What a server that has only version 2 says of one group version, in version 3. */
export function toVersion3({ prefix, document }: OtherDocument): Json {
  const paths = Object.entries(record(document['paths'])).filter(
    ([path]) => path.startsWith(prefix) || `${path}/` === prefix,
  );
  return {
    openapi: '3.0.0',
    info: document['info'] ?? { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.fromEntries(paths.map(([path, item]) => [path, pathItem(record(item))])),
    components: { schemas: form(document['definitions'] ?? {}) },
  };
}

const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const records = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(record) : []);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const mapped = (value: Json, change: (value: unknown, key: string) => unknown): Json =>
  Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one, key)]));

const pathItem = (item: Json): Json =>
  mapped(item, (value, key) => {
    if (methods.has(key)) return operation(record(value));
    return key === 'parameters' ? records(value).map(parameter) : value;
  });

function operation({ parameters, consumes, produces, responses, schemes: _, ...rest }: Json): Json {
  const all = records(parameters);
  const body = all.find((one) => one['in'] === 'body');
  const others = all.filter((one) => one !== body);
  return {
    ...rest,
    ...(others.length > 0 && { parameters: others.map(parameter) }),
    ...(body && { requestBody: requestBody(body, texts(consumes)) }),
    responses: mapped(record(responses), (value) => response(record(value), texts(produces))),
  };
}

function parameter(value: Json): Json {
  const [own, rest] = [new Map<string, unknown>(), new Map<string, unknown>()];
  for (const [key, one] of Object.entries(value)) (ofParameter.has(key) ? own : rest).set(key, one);
  return { ...Object.fromEntries(own), schema: form(Object.fromEntries(rest)) };
}

const contentOf = (schema: unknown, types: readonly string[]): Json =>
  Object.fromEntries((types.length > 0 ? types : ['*/*']).map((type) => [type, { schema: form(schema) }]));

const requestBody = ({ schema, description, required }: Json, types: readonly string[]): Json => ({
  content: contentOf(schema ?? {}, types),
  ...(description !== undefined && { description }),
  ...(required === true && { required }),
});

const response = ({ description = '', schema }: Json, types: readonly string[]): Json => ({
  description,
  ...(schema !== undefined && { content: contentOf(schema, types) }),
});

/** A form, whose references lead to where forms are in version 3. */
function form(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(form);
  if (typeof value !== 'object' || value === null) return value;
  return mapped(value as Json, (one, key) =>
    key === '$ref' && typeof one === 'string' ? one.replace(/^#\/definitions\//, '#/components/schemas/') : form(one),
  );
}
