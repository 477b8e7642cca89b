import type { KubeObject } from '@kubephant/api';
import type { Attributes } from '@kubephant/serving';
import type { Scope } from './scope';

type Operation = Attributes['operation'];

/** The subject of admission: absent objects are absent, so that plugins cannot mistake undefined for one. */
export function attributesOf(
  { req, info }: Scope,
  operation: Operation,
  dryRun: boolean,
  { object, old }: { readonly object?: KubeObject | undefined; readonly old?: KubeObject | undefined },
): Attributes {
  return {
    operation,
    info,
    user: req.user,
    dryRun,
    warn: req.warn,
    ...(object && { object }),
    ...(old && { old }),
  };
}

/** Lets every plugin that handles the request change the object, in order. */
export async function admit(scope: Scope, attributes: Attributes): Promise<void> {
  for (const plugin of scope.machinery.admission) {
    if (plugin.admit && plugin.handles(attributes.info, attributes.operation)) await plugin.admit(attributes);
  }
}

/** Lets every plugin that handles the request refuse it, once the object is what will be stored. */
export async function validateAdmission(scope: Scope, attributes: Attributes): Promise<void> {
  for (const plugin of scope.machinery.admission) {
    if (plugin.validate && plugin.handles(attributes.info, attributes.operation)) await plugin.validate(attributes);
  }
}
