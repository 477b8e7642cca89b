import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from '@kubephant/schema';
import type { AuthorizationAttributes, Authorizer, Decision, UserInfo } from '@kubephant/serving';
import type { View } from '../views/view';
import { compileRule, type CompiledRule } from './rules';
import { newSubjectIndex, type AnyBinding } from './subject-index';

export interface RbacViews {
  readonly clusterRoles: View<ClusterRole>;
  readonly clusterRoleBindings: View<ClusterRoleBinding>;
  readonly roles: View<Role>;
  readonly roleBindings: View<RoleBinding>;
}

/** What roles give a user somewhere. `errors`: bindings whose role does not exist. */
export interface GrantedRules {
  readonly rules: readonly PolicyRule[];
  readonly errors: readonly string[];
}

export interface Rbac extends Authorizer {
  /** All rules a user has: cluster-wide ones and, with a namespace, those inside it. */
  rulesFor(user: UserInfo, namespace: string | undefined): GrantedRules;
  /** The rules a roleRef stands for; undefined when there is no such role. */
  rulesOf(
    ref: { readonly kind: string; readonly name: string },
    namespace: string | undefined,
  ): readonly PolicyRule[] | undefined;
}

interface Grant {
  readonly compiled: CompiledRule;
  /** What a SubjectAccessReview answers as its reason. */
  readonly because: string;
}

interface Grants {
  readonly grants: readonly Grant[];
  readonly errors: readonly string[];
}

const none: Grants = { grants: [], errors: [] };

/** Role-based access control over live views; what is compiled is kept until any role or binding changes. */
export function newRbac(views: RbacViews): Rbac {
  const clusterBindings = newSubjectIndex(views.clusterRoleBindings);
  const namespacedBindings = newSubjectIndex(views.roleBindings);
  const compiled = new WeakMap<PolicyRule, CompiledRule>();
  let known = new WeakMap<UserInfo, Map<string, Grants>>();
  const forget = (): void => {
    known = new WeakMap();
  };
  for (const view of Object.values(views) as View[]) view.onChange(forget);

  const rulesOf: Rbac['rulesOf'] = ({ kind, name }, namespace) => {
    const role = kind === 'ClusterRole' ? views.clusterRoles.get({ name }) : views.roles.get({ namespace, name });
    return role && (role.rules ?? []);
  };

  const compile = (rule: PolicyRule): CompiledRule => {
    const done = compiled.get(rule) ?? compileRule(rule);
    compiled.set(rule, done);
    return done;
  };

  const collect = (user: UserInfo, namespace: string): Grants => {
    const bindings = namespace === '' ? clusterBindings.of(user, '') : namespacedBindings.of(user, namespace);
    const grants: Grant[] = [];
    const errors: string[] = [];
    for (const { binding, subject } of bindings) {
      const rules = rulesOf(binding.roleRef, namespace);
      if (!rules) errors.push(missing(binding));
      const because = `RBAC: allowed by ${describe(binding)} to ${subject}`;
      grants.push(...(rules ?? []).map((rule) => ({ compiled: compile(rule), because })));
    }
    return { grants, errors };
  };

  /** Grants of the cluster (`''`) or of one namespace alone. */
  const grantsIn = (user: UserInfo, namespace: string): Grants => {
    let byNamespace = known.get(user);
    if (!byNamespace) known.set(user, (byNamespace = new Map<string, Grants>()));
    let grants = byNamespace.get(namespace);
    if (!grants) byNamespace.set(namespace, (grants = collect(user, namespace)));
    return grants;
  };

  return {
    async authorize({ user, info }: AuthorizationAttributes): Promise<Decision> {
      const cluster = grantsIn(user, '');
      const inside = info.namespace ? grantsIn(user, info.namespace) : none;
      const grant =
        cluster.grants.find(({ compiled: rule }) => rule.allows(info)) ??
        inside.grants.find(({ compiled: rule }) => rule.allows(info));
      if (grant) return { verdict: 'allow', reason: grant.because };
      const errors = [...cluster.errors, ...inside.errors];
      return { verdict: 'noOpinion', ...(errors.length > 0 && { reason: reasonOf(errors) }) };
    },
    rulesFor(user, namespace) {
      const both = [grantsIn(user, ''), namespace ? grantsIn(user, namespace) : none];
      return {
        rules: both.flatMap(({ grants }) => grants.map(({ compiled: { rule } }) => rule)),
        errors: both.flatMap(({ errors }) => errors),
      };
    },
    rulesOf,
  };
}

const reasonOf = (errors: readonly string[]): string =>
  `RBAC: ${errors.length === 1 ? errors.join('') : `[${errors.join(', ')}]`}`;

const missing = ({ roleRef: { kind, name } }: AnyBinding): string =>
  `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`;

function describe({ kind, metadata: { namespace, name }, roleRef }: AnyBinding): string {
  const binding = JSON.stringify(namespace ? `${name}/${namespace}` : name);
  return `${kind} ${binding} of ${roleRef.kind} ${JSON.stringify(roleRef.name)}`;
}
