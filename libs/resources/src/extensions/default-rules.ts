import type { Cause } from '@kubephant/api';
import { isEmbedded, prune, validateValue, type Issue, type StructuralSchema } from '@kubephant/schema';
import { invalidValue, none, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

/** An issue with a value at a path as the API tells it; `<nil>` stands for no path, as upstream prints it. */
export function causeOf({ reason, at, message }: Issue, path?: Path): Cause {
  const field = at === undefined || at === '' ? path : path ? path.child(at) : at;
  return { reason, field: field?.toString() ?? '<nil>', message };
}

/** Whether defaults are of the form they are defaults for, with nothing in them that would be pruned. */
export function validateDefaults(schema: StructuralSchema, path: Path): Causes {
  return [
    ...validateDefault(schema, path.child('default')),
    ...(schema.items ? validateDefaults(schema.items, path.child('items')) : none),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateDefaults(property, path.child('properties').key(name)),
    ),
    ...(typeof schema.additionalProperties === 'object'
      ? validateDefaults(schema.additionalProperties, path.child('additionalProperties'))
      : none),
  ];
}

function validateDefault(schema: StructuralSchema, path: Path): Causes {
  if (schema.default === undefined) return none;
  const pruned = structuredClone(schema.default);
  prune(pruned, schema, isEmbedded(schema));
  return [
    ...when(JSON.stringify(pruned) !== JSON.stringify(schema.default), () =>
      invalidValue(path, schema.default, 'must not have unknown fields'),
    ),
    ...validateValue(schema, schema.default).map((issue) => causeOf(issue, path)),
  ];
}
