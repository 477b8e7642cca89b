import { dns1123Label } from '@kubephant/api';
import type { RuntimeClass, Toleration } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { validateTolerations } from '../pod-spec/tolerations';
import { validateOverhead } from '../pod-spec/validate';
import { deprecatedNodeLabels } from '../pod-spec/node-labels';
import { ageColumn, nameColumn, text } from '../print/columns';
import { duplicate, type Causes } from '../validation/causes';
import { each, equal, immutable, optional, requiredAnd, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { validateLabels } from '../validation/labels';
import { at } from '../validation/path';

const scheduling = at('scheduling');

function validateDistinct(tolerations: readonly Toleration[]): Causes {
  return each(tolerations, scheduling.child('tolerations'), (toleration, path, index) =>
    when(
      tolerations.slice(0, index).some((other) => equal(other, toleration)),
      () => duplicate(path, goForm('io.k8s.api.core.v1.Toleration', toleration)),
    ),
  );
}

const validate = (runtime: RuntimeClass): Causes => [
  ...requiredAnd(runtime.handler, at('handler'), dns1123Label),
  ...optional(runtime.overhead?.podFixed, at('overhead'), validateOverhead),
  ...validateLabels(runtime.scheduling?.nodeSelector, scheduling.child('nodeSelector')),
  ...validateTolerations(runtime.scheduling?.tolerations, scheduling.child('tolerations')),
  ...validateDistinct(runtime.scheduling?.tolerations ?? []),
];

const warnings = (runtime: RuntimeClass): readonly string[] =>
  Object.keys(runtime.scheduling?.nodeSelector ?? {})
    .filter((label) => Object.hasOwn(deprecatedNodeLabels, label))
    .map((label) => `${scheduling.child('nodeSelector').toString()}: ${deprecatedNodeLabels[label] ?? ''}`);

export const runtimeClasses: ResourceDefinition = defineResource<RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  scope: 'Cluster',
  names: { plural: 'runtimeclasses', singular: 'runtimeclass' },
  schema: 'io.k8s.api.node.v1.RuntimeClass',
  createOnUpdate: true,
  conditionalUpdate: true,
  columns: [nameColumn, text('Handler', 'How nodes call the runtime.', ({ handler }) => handler), ageColumn],
  strategy: {
    validate,
    validateUpdate: (runtime, old) => [...validate(runtime), ...immutable(runtime.handler, old.handler, at('handler'))],
    warnings,
  },
});
