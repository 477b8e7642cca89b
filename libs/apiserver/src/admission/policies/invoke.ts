import { runtimeCostBudget } from '@kubephant/cel';
import { is, type KubeObject } from '@kubephant/api';
import type { Form, WriteAttributes } from '../attributes';
import { becomes } from '../become';
import { demandKind } from '../patched';
import type { Pass } from '../reinvocation';
import { matchAll } from './cel-conditions';
import { Session, type Expression } from './expressions';
import { mutate, mutationProblem, type CompiledMutation } from './mutations';
import { errorTypeOf } from './validate';
import { textOf, type PolicyDependencies } from './validating-policies';

/** The expressions of a policy, ready to run. */
export interface CompiledMutations {
  readonly conditions: readonly Expression[];
  readonly variables: ReadonlyMap<string, Expression>;
  readonly mutations: readonly CompiledMutation[];
}

/** One way in which a policy is asked: by one binding, with one object of parameters. */
export interface MutationInvocation {
  readonly binding: string;
  /** Tells it apart from others over the passes of admission. */
  readonly id: string;
  readonly params: KubeObject | null;
  readonly form: Form;
  readonly compiled: CompiledMutations;
}

interface Run extends MutationInvocation {
  readonly policyName: string;
  readonly attributes: WriteAttributes;
  readonly namespace: KubeObject | undefined;
  readonly report: (why: string) => void;
}

/** What became of it; undefined: the policy is not about the object, or not asked again. */
export async function invoke(
  run: Run,
  pass: Pass,
  dependencies: PolicyDependencies,
): Promise<{ readonly changed: boolean; readonly patched: boolean } | undefined> {
  const { policyName: name, attributes, compiled, report } = run;
  const labels = { name, kind: 'policy', type: 'validate', operation: attributes.operation } as const;
  const session = await Session.open(contextOf(run, dependencies));
  const matched = await matchAll(compiled.conditions, session, dependencies.metrics, labels);
  if (matched.error !== undefined) report(matched.error);
  if (!matched.matches || !pass.concerns(run.id)) return undefined;
  const outcome = { changed: false, patched: false };
  for (const mutation of compiled.mutations) {
    const changed = await patch(mutation, run, dependencies);
    outcome.patched ||= changed !== undefined;
    outcome.changed ||= changed === true;
  }
  return outcome;
}

const contextOf = (
  { attributes, form, namespace, params }: Run,
  { authorizer }: PolicyDependencies,
): Parameters<(typeof Session)['open']>[0] => ({
  attributes,
  form,
  authorizer,
  namespace,
  params,
  budget: runtimeCostBudget,
});

/** Whether a mutation changed the object; undefined: it could not, which is reported, or there is none. */
async function patch(
  mutation: CompiledMutation,
  run: Run,
  dependencies: PolicyDependencies,
): Promise<boolean | undefined> {
  const { policyName: policy, binding, attributes, form, compiled, report } = run;
  const { object } = attributes;
  if (!object) return undefined;
  const start = performance.now();
  const tell = (errorType: ReturnType<typeof errorTypeOf>): void => {
    dependencies.metrics.mutated({ policy, binding, errorType, seconds: (performance.now() - start) / 1000 });
  };
  try {
    const problem = mutationProblem(mutation);
    if (problem !== undefined) throw new Error(problem);
    // Every mutation sees what the one before has made.
    const session = await Session.open(contextOf(run, dependencies));
    const variables = session.variables(compiled.variables);
    const shown = await form.show(object);
    const made = await mutate(mutation, shown, form, { session, variables });
    demandKind(made, shown, form);
    const changed = becomes(object, await form.take(made, object));
    tell('no_error');
    return changed;
  } catch (err) {
    tell(errorTypeOf(textOf(err)));
    if (is('InternalError', err)) throw err;
    report(textOf(err));
    return undefined;
  }
}
