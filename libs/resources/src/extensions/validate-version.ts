import type { CustomResourceDefinitionVersion, StructuralSchema } from '@kubephant/schema';
import { dns1035Label } from '@kubephant/api';
import { forbidden, invalidValue, none, type Causes } from '../validation/causes';
import { each, follows, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { validateDefaults } from './default-rules';
import { goSchema, setFields } from './go-schema';
import type { Versioned } from './hoisted';
import { hasUnsupported, validateOpenApi, type AnySchema } from './schema-rules';
import { validateSelectableFields } from './selectable-fields';
import { validateStructural } from './structural-rules';
import { validateColumn, validateScale } from './validate-parts';

/** What is known of a schema before its rules are looked at. */
export interface Examined {
  /** What is wrong with the schema in general: where that is, rules are not compiled. */
  readonly general: Causes;
  /** Whether rules may be compiled at all. */
  readonly mayCompile: boolean;
}

/** Looks at the rules of a schema, and compiles them; what is wrong with them is told at the path. */
export type CheckRules = (schema: StructuralSchema, path: Path, examined: Examined) => Causes;

/** What is known of the whole definition when a part of it is looked at. */
export interface Whole {
  /** Whether status is a subresource: of the version, or of any where a part is the same in all. */
  readonly hasStatus: boolean;
  /** The schema that all versions have, if they do. */
  readonly schema: StructuralSchema | undefined;
  readonly checkRules: CheckRules;
}

const maxWarning = 256;

function validateWarning(
  { deprecated, deprecationWarning: text }: CustomResourceDefinitionVersion,
  path: Path,
): Causes {
  if (text === undefined) return none;
  const reproach = !deprecated
    ? 'can only be set for deprecated versions'
    : text === ''
      ? 'must not be an empty string'
      : text.length > maxWarning
        ? `must be <= ${maxWarning} characters long`
        : // eslint-disable-next-line no-control-regex -- control characters are what is looked for
          /[\x00-\x1f\x7f-\x9f]/.test(text)
          ? 'must not contain non-printable characters'
          : undefined;
  return reproach === undefined ? none : [invalidValue(path, text, reproach)];
}

/** A version with what is its own. */
export const validateVersion = (versioned: Versioned, whole: Whole): Causes => [
  ...validateWarning(versioned.version, versioned.path.child('deprecationWarning')),
  ...validateParts(versioned, { ...whole, hasStatus: versioned.version.subresources?.status !== undefined }),
];

export const validateVersionName = ({ version, path }: Versioned): Causes =>
  follows(version.name, path.child('name'), dns1035Label);

/** Schema, subresources, columns and selectable fields: of one version, or of all. */
export function validateParts({ version, partPath }: Versioned, whole: Whole): Causes {
  const { schema, subresources, additionalPrinterColumns, selectableFields } = version;
  const form = schema?.openAPIV3Schema as AnySchema | undefined;
  return [
    ...(form ? validateSchema(form, partPath('schema').child('openAPIV3Schema'), whole) : none),
    ...(subresources?.scale ? validateScale(subresources.scale, partPath('subresources').child('scale')) : none),
    ...each(additionalPrinterColumns, partPath('additionalPrinterColumns'), validateColumn),
    ...((form ?? whole.schema)
      ? validateSelectableFields(selectableFields, form ?? whole.schema, partPath('selectableFields'))
      : withoutSchema(selectableFields, partPath('selectableFields'))),
  ];
}

const withoutSchema = (fields: readonly unknown[] | undefined, path: Path): Causes =>
  when((fields ?? []).length > 0, () => invalidValue(path, '', 'may only be set when validations.schema is included'));

/** Fields that the root of a schema may have where its `status` is looked at by itself. */
const besideStatus = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
];

function validateRootWithStatus(schema: AnySchema, path: Path): Causes {
  const suffix = 'the root of the schema if the status subresource is enabled';
  const other = setFields(schema).find((field) => !besideStatus.includes(field));
  return [
    ...when(Boolean(schema.type) && schema.type !== 'object', () =>
      invalidValue(path.child('type'), schema.type, `only "object" is allowed as the type at ${suffix}`),
    ),
    ...when(other !== undefined, () =>
      invalidValue(path, goSchema(schema), `only [${besideStatus.join(' ')}] fields are allowed at ${suffix}`),
    ),
  ];
}

const unreadable = "OpenAPIV3Schema 'schema' is not supported";

function validateSchema(schema: AnySchema, path: Path, { hasStatus, checkRules }: Whole): Causes {
  const isReadable = !hasUnsupported(schema);
  const structural = isReadable ? validateStructural(schema, path) : none;
  const rest = structural.length > 0 || !isReadable ? structural : validateDefaults(schema, path);
  const general = validateOpenApi(schema, path);
  const causes = [
    ...(hasStatus ? validateRootWithStatus(schema, path) : none),
    ...when(Boolean(schema.type) && schema.type !== 'object', () =>
      invalidValue(path.child('type'), schema.type, 'must be object at the root'),
    ),
    ...when(schema.nullable === true, () => forbidden(path.child('nullable'), 'nullable cannot be true at the root')),
    ...general,
    ...rest,
    ...checkRules(schema, path, { general, mayCompile: isReadable && rest.length === 0 }),
  ];
  // What upstream cannot read is only told where nothing else explains it.
  return causes.length === 0 && !isReadable ? [invalidValue(path, '', unreadable)] : causes;
}
