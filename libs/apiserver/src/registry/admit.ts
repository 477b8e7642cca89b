import type { KubeObject } from '@kubephant/api';
import type { Attributes } from '@kubephant/serving';
import type { WriteAttributes } from '../admission/attributes';
import type { Allocated } from './allocation';
import type { Scope } from './scope';

type Operation = Attributes['operation'];

export interface Admission extends WriteAttributes {
  /** What plugins took for the write; it goes back when the write fails. */
  readonly taken: Allocated;
}

/** The subject of admission: absent objects are absent, so that plugins cannot mistake undefined for one. */
export function attributesOf(
  { req, info }: Scope,
  operation: Operation,
  dryRun: boolean,
  { object, old }: { readonly object?: KubeObject | undefined; readonly old?: KubeObject | undefined },
): Admission {
  const undos: (() => Promise<void>)[] = [];
  return {
    taken: {
      commit: async () => undefined,
      async rollback() {
        for (const undo of undos.splice(0).reverse()) await undo();
      },
    },
    onFailure: (undo) => undos.push(undo),
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
