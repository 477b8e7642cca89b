import { emptyAsGiven, patternProblem, type StructuralSchema } from '@kubephant/schema';
import { forbidden, invalidValue, none, notSupported, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';
import { validateListType, validateMapType } from './list-rules';

/** A schema before anything is known of it. */
export type AnySchema = StructuralSchema & Readonly<Record<string, unknown>>;

/** Where in a resource a schema stands. */
export interface Standing {
  readonly isRoot?: boolean;
  /** Inside `metadata` of the resource, or of one embedded in it. */
  readonly inMeta?: boolean;
  /** Why there may be no default here; undefined: there may. */
  readonly noDefault?: string;
}

const metaFields = ['metadata', 'kind', 'apiVersion'];

/**
 * What no schema of a definition may have (upstream: ValidateCustomResourceDefinitionOpenAPISchema), for the schema and
 * all inside of it.
 */
export function validateOpenApi(schema: AnySchema, path: Path, standing: Standing = { isRoot: true }): Causes {
  return [
    ...validateKeywords(schema, path, standing),
    ...validateAdditional(schema, path, standing),
    ...Object.entries((schema.properties ?? {}) as Readonly<Record<string, AnySchema>>).flatMap(([name, property]) =>
      validateOpenApi(property, path.child('properties').key(name), standingOf(schema, name, standing)),
    ),
    ...validateNested(schema, path, standing),
    ...when(schema['x-kubernetes-preserve-unknown-fields'] === false, () =>
      invalidValue(path.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'),
    ),
    ...validateMapType(schema, path),
    ...validateListType(schema, path),
  ];
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];

/** Keywords that hold values, whose fields are no keywords. */
const values: ReadonlySet<string> = new Set(['default', 'enum', 'example']);
const unreadable: ReadonlySet<string> = new Set([...unsupported, '$schema']);

/** Whether a schema has something that upstream cannot make a structural one of. */
export function hasUnsupported(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).some(([key, value]) => {
    if (values.has(key)) return false;
    if (key === 'properties') return Object.values((value ?? {}) as object).some(hasUnsupported);
    return (unreadable.has(key) && value !== '' && value !== null) || hasUnsupported(value);
  });
}

/** Whether a keyword is there: pointers are when they are empty, texts and most maps are not. */
function isSet(schema: AnySchema, name: string): boolean {
  if (name === 'id') return Boolean(schema['id']);
  const empty = name === 'dependencies' ? emptyAsGiven(schema, name) : undefined;
  return (schema[name] ?? empty ?? undefined) !== undefined;
}

function validateKeywords(schema: AnySchema, path: Path, { noDefault, inMeta }: Standing): Causes {
  const { pattern = '', type, items } = schema;
  const problem = pattern === '' ? undefined : patternProblem(pattern);
  return [
    ...when(schema.default !== undefined && noDefault !== undefined, () =>
      forbidden(path.child('default'), `must not be set ${noDefault ?? ''}`),
    ),
    ...unsupported.flatMap((name) =>
      when(isSet(schema, name), () => forbidden(path.child(name), `${name} is not supported`)),
    ),
    ...when(Boolean(type) && !types.includes(type ?? ''), () => notSupported(path.child('type'), type, types)),
    ...when(type === 'null', () =>
      forbidden(path.child('type'), 'type cannot be set to null, use nullable as an alternative'),
    ),
    ...when(Array.isArray(items), () =>
      forbidden(path.child('items'), 'items must be a schema object and not an array'),
    ),
    ...when(inMeta === true && schema['x-kubernetes-embedded-resource'] === true, () =>
      forbidden(path.child('x-kubernetes-embedded-resource'), 'must not be used inside of resource meta'),
    ),
    ...(problem === undefined
      ? none
      : [invalidValue(path.child('pattern'), pattern, `must be a valid regular expression, but isn't: ${problem}`)]),
    ...when(schema.uniqueItems === true, () =>
      forbidden(
        path.child('uniqueItems'),
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    ),
  ];
}

function validateAdditional(schema: AnySchema, path: Path, standing: Standing): Causes {
  const { additionalProperties: form, properties } = schema;
  if (form === undefined) return none;
  const where = path.child('additionalProperties');
  const inside = standing.inMeta
    ? { ...standing, isRoot: false, noDefault: 'inside additionalProperties applying to object metadata' }
    : { ...standing, isRoot: false };
  return [
    ...when(Object.keys(properties ?? {}).length > 0 && form !== true, () =>
      forbidden(where, 'additionalProperties and properties are mutual exclusive'),
    ),
    ...(typeof form === 'object' ? validateOpenApi(form as AnySchema, where, inside) : none),
  ];
}

function standingOf(schema: AnySchema, name: string, { isRoot, ...standing }: Standing): Standing {
  if (!(isRoot || schema['x-kubernetes-embedded-resource']) || !metaFields.includes(name)) return standing;
  return { ...standing, inMeta: true, ...(isRoot && { noDefault: `in top-level ${name}` }) };
}

function validateNested(schema: AnySchema, path: Path, { isRoot: _, ...standing }: Standing): Causes {
  const { not, items } = schema;
  return [
    ...(not ? validateOpenApi(not as AnySchema, path.child('not'), standing) : none),
    ...(['allOf', 'oneOf', 'anyOf'] as const).flatMap((name) =>
      (schema[name] ?? []).flatMap((one, index) =>
        validateOpenApi(one as AnySchema, path.child(name).index(index), standing),
      ),
    ),
    ...(items && !Array.isArray(items) ? validateOpenApi(items as AnySchema, path.child('items'), standing) : none),
  ];
}
