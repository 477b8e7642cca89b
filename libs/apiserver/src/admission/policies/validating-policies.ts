import { forbidden, StatusError, type KubeObject } from '@kubephant/api';
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '@kubephant/schema';
import type { AdmissionPlugin, Authorizer } from '@kubephant/serving';
import type { Form, WriteAttributes } from '../attributes';
import { isExempt } from '../matching/rules';
import { namespaceOf } from '../matching/selectors';
import type { Objects } from '../objects';
import { compilePolicy, type CompiledPolicy } from './compiled-policy';
import type { Environments } from './environments';
import { matchingForm } from './match-resources';
import { paramsFor } from './params';
import { objectionsOf, type Objection } from './validate';

const group = 'admissionregistration.k8s.io';

export interface PolicyDependencies {
  readonly objects: Objects;
  readonly authorizer: Authorizer;
  readonly environments: Environments;
}

/** Refuses, or warns of, what the policies of the cluster object to, where bindings put them to use. */
export function validatingPolicies(dependencies: PolicyDependencies): AdmissionPlugin {
  const { objects } = dependencies;
  const compiled = new WeakMap<KubeObject, CompiledPolicy>();
  const ready = (policy: ValidatingAdmissionPolicy): CompiledPolicy => {
    const known = compiled.get(policy) ?? compilePolicy(policy, dependencies.environments);
    compiled.set(policy, known);
    return known;
  };
  return {
    name: 'ValidatingAdmissionPolicy',
    handles: (info) => !isExempt(info),
    async validate(attributes: WriteAttributes) {
      const policies = await objects.all<ValidatingAdmissionPolicy>(`validatingadmissionpolicies.${group}`);
      if (policies.length === 0) return;
      const bindings = await objects.all<ValidatingAdmissionPolicyBinding>(
        `validatingadmissionpolicybindings.${group}`,
      );
      const denials: Denial[] = [];
      for (const policy of policies) {
        const bound = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
        if (bound.length === 0) continue;
        const inquiry = { policy, compiled: ready(policy), attributes, ...dependencies };
        denials.push(...(await denialsOf(inquiry, bound)));
      }
      const [first] = denials;
      if (first) throw refusal(attributes, first);
    },
  };
}

interface Denial extends Objection {
  readonly policy: string;
  readonly binding?: string;
}

interface Inquiry extends PolicyDependencies {
  readonly policy: ValidatingAdmissionPolicy;
  readonly compiled: CompiledPolicy;
  readonly attributes: WriteAttributes;
}

async function denialsOf(
  inquiry: Inquiry,
  bindings: readonly ValidatingAdmissionPolicyBinding[],
): Promise<readonly Denial[]> {
  const { policy, attributes, objects } = inquiry;
  const configured = await attempt(() => matchingForm(policy.spec.matchConstraints, attributes, objects));
  const { name } = policy.metadata;
  if ('error' in configured) return misconfigured(inquiry, `failed to configure policy: ${configured.error}`);
  const form = configured.value;
  if (!form) return [];
  const denials: Denial[] = [];
  for (const binding of bindings) {
    const binds = binding.metadata.name;
    const found = await attempt(() => objectionsBy(binding, form, inquiry));
    if ('error' in found) {
      denials.push(...misconfigured(inquiry, `failed to configure binding: ${found.error}`, binds));
      continue;
    }
    const actions = binding.spec.validationActions;
    for (const objection of found.value.filter(({ isFailure }) => !isFailure || isStrict(policy))) {
      const words = `Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${binds}'`;
      if (actions.includes('Warn')) attributes.warn(`${words}: ${objection.message}`);
      if (actions.includes('Deny')) denials.push({ ...objection, policy: name, binding: binds });
    }
  }
  return denials;
}

const isStrict = ({ spec }: ValidatingAdmissionPolicy): boolean => spec.failurePolicy !== 'Ignore';

const misconfigured = ({ policy }: Inquiry, message: string, binding?: string): readonly Denial[] =>
  isStrict(policy) ? [{ message, policy: policy.metadata.name, ...(binding !== undefined && { binding }) }] : [];

type Attempt<T> = { readonly value: T } | { readonly error: string };

async function attempt<T>(what: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await what() };
  } catch (err) {
    return { error: err instanceof Error ? err.message : String(err) };
  }
}

async function objectionsBy(
  { spec }: ValidatingAdmissionPolicyBinding,
  form: Form,
  { policy, compiled, attributes, objects, authorizer }: Inquiry,
): Promise<readonly Objection[]> {
  if (spec.matchResources && !(await matchingForm(spec.matchResources, attributes, objects))) return [];
  const { namespace: within = '' } = attributes.info;
  const params = await paramsFor(policy.spec.paramKind, spec.paramRef, within, objects);
  const namespace = await namespaceOf(attributes, objects);
  const objections: Objection[] = [];
  for (const one of params) {
    const context = { attributes, form, authorizer, namespace, params: one };
    objections.push(...(await objectionsOf(compiled, context)));
  }
  return objections;
}

const codes: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

function refusal(
  { info, object, old }: WriteAttributes,
  { policy, binding, message, reason = 'Invalid' }: Denial,
): Error {
  const by = binding === undefined ? '' : ` with binding '${binding}'`;
  const text = `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${message}`;
  const name = info.name ?? object?.metadata.name ?? old?.metadata.name ?? '';
  const { status } = forbidden({ group: info.group, resource: info.resource }, name, text);
  const details = { ...status.details, causes: [{ message: text }] };
  return StatusError.fromStatus({ ...status, details, reason, code: codes[reason] ?? 422 });
}
