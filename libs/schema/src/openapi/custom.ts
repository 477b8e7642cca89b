import type { Components } from './components';
import type { Json, OpenApiRow } from './row';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const selectable = 'x-kubernetes-selectable-fields';

/** Every kind has these two fields, and describes them alike. */
const typed = 'io.k8s.api.core.v1.ConfigMap';

/** Publishes the form of a custom resource and that of its list. */
export function addCustom(
  components: Components,
  { schema, group, version, kind, plural }: OpenApiRow,
  own: Json,
): void {
  const kinds = (name: string): Json => ({ 'x-kubernetes-group-version-kind': [{ group, kind: name, version }] });
  const published = expanded(components, own);
  const properties = { ...(published['properties'] as Json | undefined), ...objectFields(components) };
  components.add(schema, { ...published, properties, ...kinds(kind) });
  components.add(`${schema}List`, {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...typeFields(components),
      items: { description: `List of ${plural}.`, type: 'array', items: components.reference(schema) },
      metadata: { description: 'Standard list metadata.', allOf: [components.reference(`${meta}.ListMeta`)] },
    },
    ...kinds(`${kind}List`),
    ...(selectable in own && { [selectable]: own[selectable] }),
  });
}

function typeFields(components: Components): Json {
  const text = (name: string): Json => ({ type: 'string', description: components.textOf(typed, name) });
  return { apiVersion: text('apiVersion'), kind: text('kind') };
}

function objectFields(components: Components): Json {
  const metadata = { description: "Standard object's metadata.", allOf: [components.reference(`${meta}.ObjectMeta`)] };
  return { ...typeFields(components), metadata };
}

/** What the extensions of Kubernetes mean, said in the words of OpenAPI too. */
function expanded(components: Components, schema: Json): Json {
  const inner = (value: unknown): unknown => (isObject(value) ? expanded(components, value) : value);
  const properties = schema['properties'] as Json | undefined;
  return {
    ...schema,
    ...('items' in schema && { items: inner(schema['items']) }),
    ...('additionalProperties' in schema && { additionalProperties: inner(schema['additionalProperties']) }),
    ...(properties && { properties: mapValues(properties, inner) }),
    ...(schema['x-kubernetes-int-or-string'] === true && alternatives(schema)),
    ...(schema['x-kubernetes-embedded-resource'] === true && embedded(components, schema, inner)),
  };
}

const alternatives = ({ anyOf, allOf }: Json): Json =>
  anyOf === undefined && allOf === undefined ? { anyOf: [{ type: 'integer' }, { type: 'string' }] } : {};

function embedded(components: Components, schema: Json, inner: (value: unknown) => unknown): Json {
  const { properties = {}, required = [] } = schema as { properties?: Json; required?: readonly string[] };
  return {
    properties: { ...mapValues(properties, inner), ...objectFields(components) },
    required: [...new Set([...required, 'kind', 'apiVersion'])],
  };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (object: Json, change: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
