import type { Authorizer } from '@kubephant/serving';
import { mastersAuthorizer, unionOfAuthorizers } from './authorization/authorize';
import { newNodeAuthorizer } from './authorization/node-authorizer';
import { newNodeGraph } from './authorization/node-graph';
import { newRbac, type Rbac } from './authorization/rbac';
import { bootstrapRules } from './bootstrap/policy/policy';
import type { Store } from '@kubephant/storage';
import type { ServerViews } from './server-views';

/** Values of --authorization-mode that are served. */
export type AuthorizationMode = 'Node' | 'RBAC' | 'AlwaysAllow' | 'AlwaysDeny';

export interface ServerAuthorizer {
  readonly authorizer: Authorizer;
  readonly rbac: Rbac;
}

/** The modes' authorizers in their order, after the one for system:masters. */
export function newServerAuthorizer(
  views: ServerViews,
  { current }: Pick<Store, 'current'>,
  modes: readonly AuthorizationMode[],
): ServerAuthorizer {
  const rbac = newRbac(views.rbac);
  const make: Readonly<Record<AuthorizationMode, () => Authorizer>> = {
    Node: () => newNodeAuthorizer(newNodeGraph(current), bootstrapRules('system:node')),
    RBAC: () => rbac,
    AlwaysAllow: () => ({ authorize: async () => ({ verdict: 'allow' }) }),
    AlwaysDeny: () => ({ authorize: async () => ({ verdict: 'noOpinion', reason: 'Everything is forbidden.' }) }),
  };
  const authorizer = unionOfAuthorizers([mastersAuthorizer, ...modes.map((mode) => make[mode]())]);
  return { authorizer, rbac };
}
