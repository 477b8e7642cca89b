import { unresolvable, type SchedulerPlugin } from '../framework/interfaces';

/** A pod waits outside the queue while it has scheduling gates (KEP-3521). */
export const schedulingGates: SchedulerPlugin = {
  name: 'SchedulingGates',
  preEnqueue: ({ spec }) =>
    spec.schedulingGates?.length
      ? unresolvable(`waiting for scheduling gates: [${spec.schedulingGates.map(({ name }) => name).join(' ')}]`)
      : undefined,
};
