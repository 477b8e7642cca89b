import type { Reply } from '@kubephant/serving';
import { create } from './create';
import { remove, removeCollection } from './delete';
import { patch } from './patch';
import { get, list } from './read';
import type { Scope } from './scope';
import { createAs } from './subresources';
import { update } from './update';
import { watch } from './watch';

export type Serve = (scope: Scope) => Promise<Reply>;

const verbs: Readonly<Record<string, Serve>> = {
  get,
  list,
  watch,
  create: async (scope) => (scope.resource.row.createAs ? createAs(scope, scope.resource.row.createAs) : create(scope)),
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
};

/** What a verb does to a resource; undefined for what is no verb of resources. */
export const verbNamed = (verb: string): Serve | undefined => (Object.hasOwn(verbs, verb) ? verbs[verb] : undefined);
