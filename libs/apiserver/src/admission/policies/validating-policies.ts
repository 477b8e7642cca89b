import { forbidden, StatusError, type KubeObject } from '@kubephant/api';
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '@kubephant/schema';
import type { AdmissionPlugin, Authorizer } from '@kubephant/serving';
import type { Form, WriteAttributes } from '../attributes';
import { isExempt } from '../matching/rules';
import { enclosingNamespace } from '../matching/selectors';
import type { AdmissionMetrics } from '../metrics/metrics';
import type { Objects } from '../objects';
import { boundPolicies, type BoundPolicy, type ReadyBinding } from './bound-policies';
import { compilePolicy, type CompiledPolicy } from './compiled-policy';
import type { Environments } from './environments';
import { newFindPlace, paramsFor, unknownKind, type FindPlace, type Place } from './params';
import { errorTypeOf, objectionsOf, type Objection } from './validate';

export interface PolicyDependencies {
  readonly objects: Objects;
  readonly authorizer: Authorizer;
  readonly environments: Environments;
  readonly metrics: AdmissionMetrics;
}

type Policy = BoundPolicy<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, CompiledPolicy>;

/** Refuses, or warns of, what the policies of the cluster object to, where bindings put them to use. */
export function validatingPolicies(dependencies: PolicyDependencies): AdmissionPlugin {
  const { objects, environments } = dependencies;
  const findPlace = newFindPlace(objects);
  const policies = boundPolicies<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, CompiledPolicy>(objects, {
    policies: 'validatingadmissionpolicies',
    bindings: 'validatingadmissionpolicybindings',
    compile: (policy) => compilePolicy(policy, environments),
  });
  return {
    name: 'ValidatingAdmissionPolicy',
    handles: (info) => !isExempt(info),
    async validate(attributes: WriteAttributes) {
      const denials: Denial[] = [];
      for (const bound of policies()) {
        const form = bound.matcher.formFor(attributes);
        if (!form) continue;
        denials.push(...(await denialsOf({ ...dependencies, bound, attributes, form, findPlace })));
      }
      const [first] = denials;
      if (first) throw refusal(attributes, first);
    },
  };
}

interface Denial extends Pick<Objection, 'message' | 'reason'> {
  readonly policy: string;
  readonly binding?: string;
}

interface Inquiry extends PolicyDependencies {
  readonly bound: Policy;
  readonly attributes: WriteAttributes;
  readonly form: Form;
  readonly findPlace: FindPlace;
}

/** What a policy refuses that may be about the request. */
async function denialsOf(inquiry: Inquiry): Promise<readonly Denial[]> {
  const { bound, attributes, objects, findPlace } = inquiry;
  const { paramKind } = bound.policy.spec;
  const place = paramKind && findPlace(paramKind);
  try {
    if (!(await bound.matcher.inNamespace(attributes, objects))) return [];
    if (paramKind && !place) throw new Error(unknownKind(paramKind));
  } catch (err) {
    return misconfigured(inquiry, `failed to configure policy: ${textOf(err)}`);
  }
  const denials: Denial[] = [];
  for (const binding of bound.bindings) denials.push(...(await denialsBy(binding, place, inquiry)));
  return denials;
}

async function denialsBy(
  { binding, matcher }: ReadyBinding<ValidatingAdmissionPolicyBinding>,
  place: Place | undefined,
  inquiry: Inquiry,
): Promise<readonly Denial[]> {
  const { attributes, objects } = inquiry;
  if (!matcher.formFor(attributes)) return [];
  let params: readonly (KubeObject | null)[] = [];
  try {
    if (!(await matcher.inNamespace(attributes, objects))) return [];
    params = await paramsFor(place, binding.spec.paramRef, attributes.info.namespace ?? '', objects);
  } catch (err) {
    return misconfigured(inquiry, `failed to configure binding: ${textOf(err)}`, binding.metadata.name);
  }
  const objections = await objectionsBy(params, inquiry);
  return objections.flatMap((objection) => act(objection, binding, inquiry));
}

/** Does with an objection what the binding says. */
function act(
  objection: Objection,
  { metadata, spec }: ValidatingAdmissionPolicyBinding,
  { bound: { policy }, attributes, metrics }: Inquiry,
): readonly Denial[] {
  const { message, isFailure, isAnnotation, seconds } = objection;
  const { name } = policy.metadata;
  const check = { policy: name, binding: metadata.name, errorType: errorTypeOf(message), seconds };
  if (isFailure && !isStrict(policy)) {
    if (!isAnnotation) metrics.validated(check, 'allow');
    return [];
  }
  const actions = isAnnotation ? ['Deny'] : spec.validationActions;
  return actions.flatMap((action): readonly Denial[] => {
    const enforcement = enforcements[action];
    if (enforcement) metrics.validated(check, enforcement);
    if (action === 'Warn') {
      const words = `Validation failed for ValidatingAdmissionPolicy '${name}' with binding '${metadata.name}'`;
      attributes.warn(`${words}: ${message}`);
    }
    return action === 'Deny' ? [{ ...objection, policy: name, binding: metadata.name }] : [];
  });
}

const enforcements: Readonly<Record<string, 'deny' | 'warn' | 'audit'>> = {
  Deny: 'deny',
  Warn: 'warn',
  Audit: 'audit',
};

const isStrict = ({ spec }: ValidatingAdmissionPolicy): boolean => spec.failurePolicy !== 'Ignore';

const misconfigured = ({ bound: { policy } }: Inquiry, message: string, binding?: string): readonly Denial[] =>
  isStrict(policy) ? [{ message, policy: policy.metadata.name, ...(binding !== undefined && { binding }) }] : [];

export const textOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));

async function objectionsBy(
  params: readonly (KubeObject | null)[],
  { bound, attributes, form, objects, authorizer, metrics }: Inquiry,
): Promise<readonly Objection[]> {
  if (params.length === 0) return [];
  const namespace = await enclosingNamespace(attributes, objects);
  const { operation } = attributes;
  const labels = { name: bound.policy.metadata.name, kind: 'policy', type: 'validate', operation } as const;
  const objections: Objection[] = [];
  for (const one of params) {
    const context = { attributes, form, authorizer, namespace, params: one };
    objections.push(...(await objectionsOf(bound.compiled(), context, { metrics, labels })));
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
