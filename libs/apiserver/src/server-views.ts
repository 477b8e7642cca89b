import type { KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type {
  APIService,
  ClusterRole,
  ClusterRoleBinding,
  FlowSchema,
  PriorityLevelConfiguration,
  Role,
  RoleBinding,
} from '@kubephant/schema';
import type { Store } from '@kubephant/storage';
import type { RbacViews } from './authorization/rbac';
import { newView, type View } from './views/view';

/** What the server itself keeps in sight to decide quickly. */
export interface ServerViews {
  readonly rbac: RbacViews;
  readonly apiServices: View<APIService>;
  readonly flowControl: {
    readonly schemas: View<FlowSchema>;
    readonly levels: View<PriorityLevelConfiguration>;
  };
  readonly named: ReadonlyMap<string, View>;
  readonly all: readonly View[];
}

export function newServerViews(store: Store, clock: Clock): ServerViews {
  const named = new Map<string, View>();
  const view = <T extends KubeObject>(resource: string): View<T> => {
    const made = newView<T>(store, resource, clock);
    named.set(resource, made);
    return made;
  };
  const group = 'rbac.authorization.k8s.io';
  const rbac = {
    clusterRoles: view<ClusterRole>(`clusterroles.${group}`),
    clusterRoleBindings: view<ClusterRoleBinding>(`clusterrolebindings.${group}`),
    roles: view<Role>(`roles.${group}`),
    roleBindings: view<RoleBinding>(`rolebindings.${group}`),
  };
  const apiServices = view<APIService>('apiservices.apiregistration.k8s.io');
  const flowControl = {
    schemas: view<FlowSchema>('flowschemas.flowcontrol.apiserver.k8s.io'),
    levels: view<PriorityLevelConfiguration>('prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'),
  };
  return { rbac, apiServices, flowControl, named, all: [...named.values()] };
}
