import type { SelectableField, StructuralSchema } from '@kubephant/schema';
import { duplicate, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, when } from '../validation/checks';
import type { Path } from '../validation/path';

const selectable = ['string', 'integer', 'boolean'];
/** As many as upstream lets be selected. */
const maxFields = 8;

/** The names on the way that a path without lists takes; a text that says why it is none. */
function stepsOf(path: string): readonly string[] | string {
  if (!path.startsWith('.')) return `expected [ or . but got: ${path.split(/[.[]/, 1)[0] ?? ''}`;
  if (/\[\d*\]|\[\*\]/.test(path)) return 'array notation is not allowed';
  const steps = path.slice(1).split('.');
  return steps.some((step) => step === '') ? 'expected identifier' : steps;
}

function fieldAt(schema: StructuralSchema | undefined, steps: readonly string[]): StructuralSchema | undefined {
  let here = schema;
  for (const step of steps) {
    const { properties } = here ?? {};
    here = properties && Object.hasOwn(properties, step) ? properties[step] : undefined;
  }
  return here;
}

function validateField(jsonPath: string, schema: StructuralSchema | undefined, path: Path): Causes {
  if (!jsonPath) return [required(path)];
  const steps = stepsOf(jsonPath);
  if (typeof steps === 'string') return [invalidValue(path, jsonPath, `is an invalid path: ${steps}`)];
  const field = steps[0] === 'metadata' ? undefined : fieldAt(schema, steps);
  if (!field) return [invalidValue(path, jsonPath, 'is an invalid path: does not refer to a valid field')];
  return when(!selectable.includes(field.type ?? ''), () =>
    invalidValue(
      path,
      jsonPath,
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ),
  );
}

/** Fields that selectors may name: each once, and each leads to one plain value. */
export function validateSelectableFields(
  fields: readonly SelectableField[] | null | undefined,
  schema: StructuralSchema | undefined,
  path: Path,
): Causes {
  const paths = (fields ?? []).map(({ jsonPath }) => jsonPath);
  return [
    ...when(paths.length > maxFields, () => ({
      reason: 'FieldValueTooMany',
      field: path.toString(),
      message: `Too many: ${paths.length}: must have at most ${maxFields} items`,
    })),
    ...each(fields, path, ({ jsonPath }, at, index) => {
      const where = at.child('jsonPath');
      const causes = validateField(jsonPath, schema, where);
      if (causes.length > 0) return causes;
      return paths.indexOf(jsonPath) < index ? [duplicate(where, jsonPath)] : none;
    }),
  ];
}
