import type { KubeObject } from '@kubephant/api';
import type { MatchResources } from '@kubephant/schema';
import type { RequestMatcher } from '../matching/criteria';
import type { Objects } from '../objects';
import { matcherOf } from './match-resources';

const group = 'admissionregistration.k8s.io';

/** What policies of both kinds have in common. */
export interface AnyPolicy extends KubeObject {
  readonly spec: { readonly matchConstraints?: MatchResources; readonly failurePolicy?: string };
}

/** What bindings of both kinds have in common. */
export interface AnyBinding extends KubeObject {
  readonly spec: { readonly policyName?: string; readonly matchResources?: MatchResources };
}

/** A binding, ready to be asked whether it is about a request. */
export interface ReadyBinding<B extends AnyBinding> {
  readonly binding: B;
  readonly matcher: RequestMatcher;
}

/** A policy that bindings put to use, ready to be asked whether it is about a request. */
export interface BoundPolicy<P extends AnyPolicy, B extends AnyBinding, C> {
  readonly policy: P;
  readonly matcher: RequestMatcher;
  readonly bindings: readonly ReadyBinding<B>[];
  /** Its expressions; compiled when they are first needed. */
  compiled(): C;
}

export interface PolicyKind<P extends AnyPolicy, C> {
  /** Resources of the policies and of their bindings. */
  readonly policies: string;
  readonly bindings: string;
  compile(policy: P): C;
}

/**
 * The policies that are bound, by name, each with its bindings by name: read anew when one of either changes. What is
 * compiled for a policy is kept for as long as it is as it was.
 */
export function boundPolicies<P extends AnyPolicy, B extends AnyBinding, C>(
  objects: Objects,
  kind: PolicyKind<P, C>,
): () => readonly BoundPolicy<P, B, C>[] {
  const [policies, bindings] = [`${kind.policies}.${group}`, `${kind.bindings}.${group}`] as const;
  const compiled = new WeakMap<P, { readonly value: C }>();
  const compile = (policy: P): C => {
    const known = compiled.get(policy) ?? { value: kind.compile(policy) };
    compiled.set(policy, known);
    return known.value;
  };
  return objects.derived([policies, bindings], () => {
    const byPolicy = Map.groupBy(objects.all<B>(bindings), ({ spec }) => spec.policyName);
    return objects.all<P>(policies).flatMap((policy) => {
      const bound = byPolicy.get(policy.metadata.name) ?? [];
      if (bound.length === 0) return [];
      const ready = bound.map((binding) => ({ binding, matcher: matcherOf(binding.spec.matchResources) }));
      return [
        { policy, matcher: matcherOf(policy.spec.matchConstraints), bindings: ready, compiled: () => compile(policy) },
      ];
    });
  });
}
