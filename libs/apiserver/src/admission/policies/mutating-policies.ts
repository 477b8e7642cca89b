import { forbidden, StatusError, type KubeObject } from '@kubephant/api';
import { variablesType } from '@kubephant/cel';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { WriteAttributes } from '../attributes';
import { isExempt } from '../matching/rules';
import { enclosingNamespace } from '../matching/selectors';
import { beginPass } from '../reinvocation';
import { boundPolicies, type BoundPolicy, type ReadyBinding } from './bound-policies';
import { compileConditions } from './cel-conditions';
import { compileVariables } from './compiled-policy';
import type { Environments } from './environments';
import { compile } from './expressions';
import { invoke, type CompiledMutations, type MutationInvocation } from './invoke';
import { newFindPlace, paramsFor, unknownKind, type FindPlace, type Place } from './params';
import { textOf, type PolicyDependencies } from './validating-policies';

const name = 'MutatingAdmissionPolicy';

function compilePolicy({ spec }: MutatingAdmissionPolicy, environments: Environments): CompiledMutations {
  const reach = { params: spec.paramKind !== undefined, authorizer: true };
  const base = environments(reach);
  const { expressions, types } = compileVariables(spec.variables ?? [], base);
  const environment = environments({ ...reach, mutation: true }).extend({ variables: variablesType(types) });
  return {
    conditions: compileConditions(spec, base),
    variables: expressions,
    mutations: (spec.mutations ?? []).map(({ patchType, applyConfiguration, jsonPatch }) => ({
      patchType,
      expression: compile(environment, (patchType === 'JSONPatch' ? jsonPatch : applyConfiguration)?.expression ?? ''),
    })),
  };
}

/** Changes what is written as the policies of the cluster say, where bindings put them to use. */
export function mutatingPolicies(dependencies: PolicyDependencies): AdmissionPlugin {
  const { objects, environments } = dependencies;
  const findPlace = newFindPlace(objects);
  const policies = boundPolicies<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, CompiledMutations>(objects, {
    policies: 'mutatingadmissionpolicies',
    bindings: 'mutatingadmissionpolicybindings',
    compile: (policy) => compilePolicy(policy, environments),
  });
  return {
    name,
    handles: (info) => !isExempt(info),
    async admit(attributes: WriteAttributes) {
      const problems: Problem[] = [];
      const invocations: Invocation[] = [];
      for (const bound of policies()) {
        if (!bound.matcher.formFor(attributes)) continue;
        // Whom it concerns is decided before anything is changed, as upstream.
        invocations.push(...(await invocationsOf({ ...dependencies, bound, attributes, findPlace, problems })));
      }
      if (invocations.length > 0) await invokeAll(invocations, attributes, dependencies, problems);
      const decisive = problems.filter(({ policy }) => policy.spec.failurePolicy !== 'Ignore');
      if (decisive.length > 0) throw refusal(attributes, decisive);
    },
  };
}

/** Why a policy could not do what it is for. */
interface Problem {
  readonly policy: MutatingAdmissionPolicy;
  readonly text: string;
  readonly reason?: string;
}

interface Invocation extends MutationInvocation {
  readonly policy: MutatingAdmissionPolicy;
}

interface Search extends PolicyDependencies {
  readonly bound: BoundPolicy<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, CompiledMutations>;
  readonly attributes: WriteAttributes;
  readonly findPlace: FindPlace;
  readonly problems: Problem[];
}

/** Each way in which a policy that may be about the request is to be asked. */
async function invocationsOf(search: Search): Promise<readonly Invocation[]> {
  const { bound, attributes, objects, findPlace, problems } = search;
  const { policy, matcher } = bound;
  const { paramKind } = policy.spec;
  const place = paramKind && findPlace(paramKind);
  try {
    if (!(await matcher.inNamespace(attributes, objects))) return [];
    if (paramKind && !place) throw new Error(unknownKind(paramKind));
  } catch (err) {
    const named = JSON.stringify(policy.metadata.name);
    problems.push({ policy, text: `policy ${named} denied request: failed to configure policy: ${textOf(err)}` });
    return [];
  }
  const invocations: Invocation[] = [];
  for (const binding of bound.bindings) invocations.push(...(await invocationsBy(binding, place, search)));
  return invocations;
}

async function invocationsBy(
  { binding, matcher }: ReadyBinding<MutatingAdmissionPolicyBinding>,
  place: Place | undefined,
  { bound, attributes, objects, problems }: Search,
): Promise<readonly Invocation[]> {
  const { policy } = bound;
  const form = bound.matcher.formFor(attributes);
  if (!form || !matcher.formFor(attributes)) return [];
  try {
    if (!(await matcher.inNamespace(attributes, objects))) return [];
    const all = await paramsFor(place, binding.spec.paramRef, attributes.info.namespace ?? '', objects);
    const compiled = bound.compiled();
    return all.map((params) => ({ policy, ...invocation(binding, params), form, compiled }));
  } catch (err) {
    problems.push(problemOf(policy, binding.metadata.name, `failed to configure binding: ${textOf(err)}`));
    return [];
  }
}

function invocation(
  { metadata, spec }: MutatingAdmissionPolicyBinding,
  params: KubeObject | null,
): Pick<Invocation, 'binding' | 'id' | 'params'> {
  const within = params?.metadata ?? { namespace: '', name: '' };
  const id = [spec.policyName, metadata.name, within.namespace, within.name].join('/');
  return { binding: metadata.name, id, params };
}

const problemOf = (policy: MutatingAdmissionPolicy, binding: string, why: string, reason?: string): Problem => ({
  policy,
  text: `policy '${policy.metadata.name}' with binding '${binding}' denied request: ${why}`,
  ...(reason !== undefined && { reason }),
});

async function invokeAll(
  invocations: readonly Invocation[],
  attributes: WriteAttributes,
  dependencies: PolicyDependencies,
  problems: Problem[],
): Promise<void> {
  const pass = beginPass(name, attributes);
  const namespace = await enclosingNamespace(attributes, dependencies.objects);
  let isPatched = false;
  for (const one of invocations) {
    const again = one.policy.spec.reinvocationPolicy === 'IfNeeded';
    const report = (why: string): number => problems.push(problemOf(one.policy, one.binding, why, 'Invalid'));
    const outcome = await invoke(
      { ...one, policyName: one.policy.metadata.name, attributes, namespace, report },
      pass,
      dependencies,
    );
    if (!outcome) continue;
    pass.asked(one.id, { changed: outcome.changed, again });
    isPatched ||= outcome.patched;
  }
  // Whoever wants to see changes is asked again about his own, too, as upstream.
  if (isPatched) pass.outdate();
  pass.end();
}

function refusal({ info, object, old }: WriteAttributes, problems: readonly Problem[]): Error {
  const subject = info.name ?? object?.metadata.name ?? old?.metadata.name ?? '';
  const { status } = forbidden({ group: info.group, resource: info.resource }, subject, '');
  const [first] = problems;
  const details = { ...status.details, causes: problems.map(({ text }) => ({ message: text })) };
  const reason = first?.reason ?? 'Forbidden';
  return StatusError.fromStatus({ ...status, details, reason, message: first?.text ?? '' });
}
