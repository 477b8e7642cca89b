import { additionalOf, type StructuralSchema } from '@kubephant/schema';
import { forbidden, none, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

/** Without a compiler of CEL a rule would be a promise that nothing keeps, so it is refused. */
export function refuseRules(schema: StructuralSchema, path: Path): Causes {
  const additional = additionalOf(schema);
  return [
    ...when((schema['x-kubernetes-validations'] ?? []).length > 0, () =>
      forbidden(path.child('x-kubernetes-validations'), 'rules are not supported by this server'),
    ),
    ...(schema.items ? refuseRules(schema.items, path.child('items')) : none),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      refuseRules(property, path.child('properties').key(name)),
    ),
    ...(additional ? refuseRules(additional, path.child('additionalProperties')) : none),
  ];
}
