import type { ObjectMeta } from '@kubephant/api';
import type { PriorityClass } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, boolean, integer, nameColumn, text } from '../print/columns';
import { forbidden, type Causes } from '../validation/causes';
import { immutable, requiredOneOf, when } from '../validation/checks';
import { at } from '../validation/path';

const systemPrefix = 'system-';
/** The classes every cluster has, and the only ones above what users may define. */
const systemClasses: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};
const highestUserPriority = 1_000_000_000;

function systemReproach({ metadata: { name }, value, globalDefault }: PriorityClass): string | undefined {
  const known = Object.hasOwn(systemClasses, name) ? systemClasses[name] : undefined;
  if (known === undefined) return `${name} is not a known system priority class`;
  if (value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

function validateValue(priority: PriorityClass): Causes {
  const name = (priority.metadata as Partial<ObjectMeta>).name ?? '';
  if (name.startsWith(systemPrefix)) {
    const why = systemReproach(priority);
    const head = `priority class names with '${systemPrefix}' prefix are reserved for system use only`;
    return why === undefined ? [] : [forbidden(at('metadata', 'name'), `${head}. error: ${why}`)];
  }
  return when((priority.value ?? 0) > highestUserPriority, () =>
    forbidden(at('value'), `maximum allowed value of a user defined priority is ${highestUserPriority}`),
  );
}

const policies = ['PreemptLowerPriority', 'Never'];

const validate = (priority: PriorityClass): Causes => [
  ...validateValue(priority),
  ...requiredOneOf(priority.preemptionPolicy, at('preemptionPolicy'), policies),
];

export const priorityClasses: ResourceDefinition = defineResource<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  scope: 'Cluster',
  names: { plural: 'priorityclasses', singular: 'priorityclass', short: ['pc'] },
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  createOnUpdate: true,
  generation: true,
  generationChanged: () => false,
  columns: [
    nameColumn,
    integer('Value', 'Priority the pods get.', ({ value = 0 }) => value),
    boolean(
      'Global-Default',
      'Whether pods without a class get this one.',
      ({ globalDefault }) => globalDefault ?? false,
    ),
    ageColumn,
    text('PreemptionPolicy', 'Whether its pods may push others out.', ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ],
  defaults(priority) {
    priority.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  strategy: {
    validate,
    validateUpdate: (priority, old) => [
      ...when(priority.value !== old.value, () => forbidden(at('value'), 'may not be changed in an update.')),
      ...immutable(priority.preemptionPolicy, old.preemptionPolicy, at('preemptionPolicy')),
    ],
  },
});
