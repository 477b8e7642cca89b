import { isEmbedded, isIntOrString, isPreserving, type StructuralSchema } from '@kubephant/schema';
import { forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';
import { validateCompleteness, validateNestedIn } from './nested-rules';

/** Where a schema stands, as messages about a missing type say it. */
type Level = 'root' | 'item' | 'field';

const missingType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/** Whether types can be told without values (upstream: ValidateStructural), for the schema and all inside of it. */
export function validateStructural(schema: StructuralSchema, path: Path): Causes {
  const causes = validateInvariants(schema, 'root', path);
  return causes.length > 0 ? causes : validateCompleteness(schema, path);
}

function validateInvariants(schema: StructuralSchema, level: Level, path: Path): Causes {
  const { items, additionalProperties: additional } = schema;
  return [
    ...when(schema.type === 'array' && !items, () => required(path.child('items'), 'must be specified')),
    ...(items && !Array.isArray(items) ? validateInvariants(items, 'item', path.child('items')) : none),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateInvariants(property, 'field', path.child('properties').key(name)),
    ),
    ...when(level === 'root' && additional !== undefined, () =>
      forbidden(path.child('additionalProperties'), 'must not be used at the root'),
    ),
    ...(typeof additional === 'object'
      ? validateInvariants(additional, 'field', path.child('additionalProperties'))
      : none),
    ...validateExtensions(schema, path),
    ...validateNestedIn(schema, path),
    ...validateType(schema, level, path),
    ...validateMetaFields(schema, level, path),
  ];
}

function validateExtensions(schema: StructuralSchema, path: Path): Causes {
  const only = 'must be false if x-kubernetes-int-or-string is true';
  const mixed = isIntOrString(schema);
  return [
    ...when(mixed && isPreserving(schema), () =>
      invalidValue(path.child('x-kubernetes-preserve-unknown-fields'), true, only),
    ),
    ...when(mixed && isEmbedded(schema), () => invalidValue(path.child('x-kubernetes-embedded-resource'), true, only)),
  ];
}

function validateType(schema: StructuralSchema, level: Level, path: Path): Causes {
  const { type = '' } = schema;
  const at = path.child('type');
  const embedded = 'must be object if x-kubernetes-embedded-resource is true';
  if (isEmbedded(schema) && type !== 'object')
    return [type ? invalidValue(at, type, embedded) : required(at, embedded)];
  if (!type) return isIntOrString(schema) || isPreserving(schema) ? none : [required(at, missingType[level])];
  return none;
}

function validateMetaFields(schema: StructuralSchema, level: Level, path: Path): Causes {
  const { properties } = schema;
  const [embedded, isWhole] = [isEmbedded(schema), level === 'root' || isEmbedded(schema)];
  return [
    ...when(embedded && schema.additionalProperties !== undefined, () =>
      forbidden(path.child('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set'),
    ),
    ...(isWhole ? ['kind', 'apiVersion'].flatMap((name) => mustBe('string', schema, name, path)) : none),
    ...(isWhole ? mustBe('object', schema, 'metadata', path) : none),
    ...(isWhole ? validateMetadata(schema, path) : none),
    ...when(embedded && !isPreserving(schema) && Object.keys(properties ?? {}).length === 0, () =>
      required(
        path.child('properties'),
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    ),
  ];
}

function mustBe(type: string, { properties }: StructuralSchema, name: string, path: Path): Causes {
  const property = properties?.[name];
  if (!property || property.type === type) return none;
  return [invalidValue(path.child('properties').key(name).child('type'), property.type ?? '', `must be ${type}`)];
}

const metadataNames = ['name', 'generateName'];

function validateMetadata({ properties }: StructuralSchema, path: Path): Causes {
  const metadata = properties?.['metadata'];
  const others = Object.keys(metadata?.properties ?? {}).filter((name) => !metadataNames.includes(name));
  return when(others.length > 0 && metadata?.type === 'object', () =>
    forbidden(
      path.child('properties').key('metadata'),
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    ),
  );
}
