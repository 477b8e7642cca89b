import { forbidden, StatusError, type KubeObject } from '@kubephant/api';
import { runtimeCostBudget, variablesType } from '@kubephant/cel';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { Form, WriteAttributes } from '../attributes';
import { becomes } from '../become';
import { isExempt } from '../matching/rules';
import { namespaceOf } from '../matching/selectors';
import { beginPass, type Pass } from '../reinvocation';
import { compileConditions, matchAll } from './cel-conditions';
import { compileVariables } from './compiled-policy';
import type { Environments } from './environments';
import { compile, Session, type Expression } from './expressions';
import { matchingForm } from './match-resources';
import { mutate, mutationProblem, type CompiledMutation } from './mutations';
import { paramsFor } from './params';
import type { PolicyDependencies } from './validating-policies';

const name = 'MutatingAdmissionPolicy';
const group = 'admissionregistration.k8s.io';

interface Compiled {
  readonly conditions: readonly Expression[];
  readonly variables: ReadonlyMap<string, Expression>;
  readonly mutations: readonly CompiledMutation[];
}

function compilePolicy({ spec }: MutatingAdmissionPolicy, environments: Environments): Compiled {
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
  const compiled = new WeakMap<KubeObject, Compiled>();
  const ready = (policy: MutatingAdmissionPolicy): Compiled => {
    const known = compiled.get(policy) ?? compilePolicy(policy, environments);
    compiled.set(policy, known);
    return known;
  };
  return {
    name,
    handles: (info) => !isExempt(info),
    async admit(attributes: WriteAttributes) {
      const policies = await objects.all<MutatingAdmissionPolicy>(`mutatingadmissionpolicies.${group}`);
      if (policies.length === 0) return;
      const bindings = await objects.all<MutatingAdmissionPolicyBinding>(`mutatingadmissionpolicybindings.${group}`);
      const pass = beginPass(name, attributes);
      const problems: Problem[] = [];
      for (const policy of policies) {
        const bound = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
        const run = { policy, compiled: ready(policy), attributes, pass, ...dependencies };
        const found = await problemsOf(run, bound);
        if (policy.spec.failurePolicy !== 'Ignore') problems.push(...found);
      }
      pass.end();
      if (problems.length > 0) throw refusal(attributes, problems);
    },
  };
}

/** Why a policy could not do what it is for. */
interface Problem {
  readonly text: string;
  readonly reason?: string;
}

interface Run extends PolicyDependencies {
  readonly policy: MutatingAdmissionPolicy;
  readonly compiled: Compiled;
  readonly attributes: WriteAttributes;
  readonly pass: Pass;
}

const textOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));

async function problemsOf(run: Run, bindings: readonly MutatingAdmissionPolicyBinding[]): Promise<readonly Problem[]> {
  const { policy, attributes, objects } = run;
  if (bindings.length === 0) return [];
  const problems: Problem[] = [];
  const denied = `policy '${policy.metadata.name}'`;
  try {
    const form = await matchingForm(policy.spec.matchConstraints, attributes, objects);
    if (!form) return [];
    for (const binding of bindings) {
      const by = `${denied} with binding '${binding.metadata.name}' denied request`;
      const report = (text: string, reason?: string): number =>
        problems.push({ text: `${by}: ${text}`, ...(reason !== undefined && { reason }) });
      await runBinding(run, binding, form, report);
    }
  } catch (err) {
    problems.push({ text: `${denied} denied request: failed to configure policy: ${textOf(err)}` });
  }
  return problems;
}

type Report = (text: string, reason?: string) => void;

async function runBinding(
  run: Run,
  { metadata, spec }: MutatingAdmissionPolicyBinding,
  form: Form,
  report: Report,
): Promise<void> {
  const { policy, attributes, objects, pass } = run;
  let params: readonly (KubeObject | null)[] = [];
  try {
    if (spec.matchResources && !(await matchingForm(spec.matchResources, attributes, objects))) return;
    params = await paramsFor(policy.spec.paramKind, spec.paramRef, attributes.info.namespace ?? '', objects);
  } catch (err) {
    report(`failed to configure binding: ${textOf(err)}`);
  }
  for (const one of params) {
    const within = one?.metadata ?? { namespace: '', name: '' };
    const id = [policy.metadata.name, metadata.name, within.namespace, within.name].join('/');
    const changed = await runOnce({ ...run, id }, one, form, report);
    const again = policy.spec.reinvocationPolicy === 'IfNeeded';
    if (changed !== undefined) pass.asked(id, { changed, again });
  }
}

/** Whether the object was changed; undefined: the policy is not about it. */
async function runOnce(
  { compiled, attributes, authorizer, objects, pass, id }: Run & { readonly id: string },
  params: KubeObject | null,
  form: Form,
  report: Report,
): Promise<boolean | undefined> {
  const namespace = await namespaceOf(attributes, objects);
  const context = { attributes, form, authorizer, namespace, params, budget: runtimeCostBudget };
  const matched = await matchAll(compiled.conditions, await Session.open(context));
  if (matched.error !== undefined) report(matched.error, 'Invalid');
  if (!matched.matches || !pass.concerns(id)) return undefined;
  let changed = false;
  for (const mutation of compiled.mutations) {
    if (!attributes.object) continue;
    try {
      const problem = mutationProblem(mutation);
      if (problem !== undefined) throw new Error(problem);
      // Every mutation sees what the one before has made.
      const session = await Session.open(context);
      const variables = session.variables(compiled.variables);
      const shown = await form.show(attributes.object);
      const made = await form.take(await mutate(mutation, shown, form, { session, variables }), attributes.object);
      changed = becomes(attributes.object, made) || changed;
    } catch (err) {
      report(textOf(err), 'Invalid');
    }
  }
  return changed;
}

function refusal({ info, object, old }: WriteAttributes, problems: readonly Problem[]): Error {
  const subject = info.name ?? object?.metadata.name ?? old?.metadata.name ?? '';
  const { status } = forbidden({ group: info.group, resource: info.resource }, subject, '');
  const [first] = problems;
  const details = { ...status.details, causes: problems.map(({ text }) => ({ message: text })) };
  const reason = first?.reason ?? 'Forbidden';
  return StatusError.fromStatus({ ...status, details, reason, message: first?.text ?? '' });
}
