import type { Pod, PriorityClass } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes } from '@kubephant/serving';
import type { AdmissionDependencies, Objects } from './objects';
import { isCore, refuse } from './refuse';

const resource = 'priorityclasses.scheduling.k8s.io';

interface Priority {
  readonly name: string;
  readonly value: number;
  readonly preemptionPolicy: string;
}

const none: Priority = { name: '', value: 0, preemptionPolicy: 'PreemptLowerPriority' };

/** Resolves the priority class of a new pod to its number, and keeps the default class unique. */
export function priority({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'Priority',
    handles: (info, operation) =>
      (isCore(info, 'pods') || info.group === 'scheduling.k8s.io') &&
      info.subresource === undefined &&
      (operation === 'CREATE' || operation === 'UPDATE'),
    async admit(attributes) {
      if (attributes.info.resource !== 'pods') return;
      if (attributes.operation === 'UPDATE') keep(attributes);
      else await resolve(attributes, objects);
    },
    async validate(attributes) {
      if (attributes.info.resource === 'priorityclasses') await keepDefaultUnique(attributes, objects);
    },
  };
}

/** What was resolved once is not forgotten by whoever leaves it out. */
function keep({ object, old }: Attributes): void {
  const [now, before] = [(object as unknown as Pod).spec, (old as unknown as Pod).spec];
  if (before.priority !== undefined) now.priority ??= before.priority;
  if (before.preemptionPolicy !== undefined) now.preemptionPolicy ??= before.preemptionPolicy;
}

async function resolve(attributes: Attributes, objects: Objects): Promise<void> {
  const { spec } = attributes.object as unknown as Pod;
  const found = spec.priorityClassName
    ? await named(attributes, objects, spec.priorityClassName)
    : await defaultClass(objects);
  if (spec.priority !== undefined && spec.priority !== found.value) {
    throw refuse(
      attributes,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; ` +
        `priority admission controller computed ${found.value} from the given PriorityClass name`,
    );
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== found.preemptionPolicy) {
    throw refuse(
      attributes,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; ` +
        `priority admission controller computed ${found.preemptionPolicy} from the given PriorityClass name`,
    );
  }
  if (found.name !== '') spec.priorityClassName = found.name;
  spec.priority = found.value;
  spec.preemptionPolicy = found.preemptionPolicy;
}

async function named(attributes: Attributes, objects: Objects, name: string): Promise<Priority> {
  const found = await objects.find<PriorityClass>(resource, '', name);
  if (!found) throw refuse(attributes, `no PriorityClass with name ${name} was found`);
  return of(found);
}

/** The class marked as default; of several the least, as upstream resolves a race. */
async function defaultClass(objects: Objects): Promise<Priority> {
  const defaults = objects.all<PriorityClass>(resource).filter(({ globalDefault }) => globalDefault);
  const [least] = defaults.sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
  return least ? of(least) : none;
}

const of = ({ metadata, value = 0, preemptionPolicy }: PriorityClass): Priority => ({
  name: metadata.name,
  value,
  preemptionPolicy: preemptionPolicy ?? none.preemptionPolicy,
});

async function keepDefaultUnique(attributes: Attributes, objects: Objects): Promise<void> {
  const { metadata, globalDefault } = attributes.object as PriorityClass;
  if (!globalDefault) return;
  const all = objects.all<PriorityClass>(resource);
  const other = all.find((found) => found.globalDefault && found.metadata.name !== metadata.name);
  if (!other) return;
  const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
  throw refuse(attributes, why);
}
