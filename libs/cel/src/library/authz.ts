import { dns1123Label, dns1123Subdomain } from '@kubephant/api';
import { fixed, selector } from '../cost/rules';
import { Failure, type OpaqueValue, type Value } from '../values/value';
import { type Library, type Overload, overload } from './declare';

/** What an expression asks the authorizer. `serviceAccount`: for this one instead of the user of the request. */
export interface AuthorizationCheck {
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  /** Of a request that is not about a resource. */
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface AuthorizationDecision {
  readonly allowed: boolean;
  readonly reason?: string;
  /** Why there is no decision. */
  readonly error?: string;
}

/**
 * Answers a check, or undefined when the answer is not known yet: the evaluation then stops with
 * {@link DecisionNeeded}, and is to be repeated once it is (`evaluateWithAuthorizer` does that).
 */
export type Decide = (check: AuthorizationCheck) => AuthorizationDecision | undefined;

/** Stops an evaluation that cannot go on before a check is answered. */
export class DecisionNeeded extends Error {
  readonly check: AuthorizationCheck;

  constructor(check: AuthorizationCheck) {
    super('an authorization decision is needed');
    this.check = check;
  }
}

type Part = 'Authorizer' | 'PathCheck' | 'GroupCheck' | 'ResourceCheck';
const nameOf = (part: Part | 'Decision'): string => `kubernetes.authorization.${part}`;

/** A check on its way: each step says more about it. */
class CheckValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName: string;
  readonly check: Omit<AuthorizationCheck, 'verb'>;
  readonly decide: Decide;

  constructor(part: Part, check: Omit<AuthorizationCheck, 'verb'>, decide: Decide) {
    this.typeName = nameOf(part);
    this.check = check;
    this.decide = decide;
  }

  equals(other: Value): boolean {
    return other === this;
  }

  with(part: Part, more: Partial<AuthorizationCheck>): CheckValue {
    return new CheckValue(part, { ...this.check, ...more }, this.decide);
  }
}

class DecisionValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName = nameOf('Decision');
  readonly decision: AuthorizationDecision;

  constructor(decision: AuthorizationDecision) {
    this.decision = decision;
  }

  equals(other: Value): boolean {
    return other === this;
  }
}

export const authorizerType: string = nameOf('Authorizer');

/** The `authorizer` of expressions, for the user of the request. */
export const newAuthorizer = (decide: Decide): OpaqueValue => new CheckValue('Authorizer', {}, decide);

/** `authorizer.requestResource`: what the request itself is about. */
export const newRequestResource = (check: Omit<AuthorizationCheck, 'verb'>, decide: Decide): OpaqueValue =>
  new CheckValue('ResourceCheck', check, decide);

const step = (from: Part, to: Part, key: keyof AuthorizationCheck, required?: string): Overload =>
  overload(`${nameOf(from)}.(string) -> ${nameOf(to)}`, (value: CheckValue, text: string) =>
    required !== undefined && text.trim() === ''
      ? new Failure(`${required} must not be empty`)
      : value.with(to, { [key]: text }),
  );

function serviceAccount(value: CheckValue, namespace: string, name: string): Value {
  const [wrongName] = dns1123Subdomain(name);
  if (wrongName !== undefined) return new Failure('Invalid service account name');
  const [wrongNamespace] = dns1123Label(namespace);
  if (wrongNamespace !== undefined) return new Failure('Invalid service account namespace');
  return value.with('Authorizer', { serviceAccount: { namespace, name } });
}

function decided(value: CheckValue, verb: string): Value {
  const check: AuthorizationCheck = { ...value.check, verb };
  const decision = value.decide(check);
  if (!decision) throw new DecisionNeeded(check);
  return new DecisionValue(decision);
}

/** Two checks fit into the budget of an expression. */
const checkCost = fixed(350_000);

const told = (result: string, read: (decision: AuthorizationDecision) => Value): readonly Overload[] => [
  overload(`${nameOf('Decision')}.() -> ${result}`, ({ decision }: DecisionValue) => read(decision)),
];

export const authz: Library = {
  path: [step('Authorizer', 'PathCheck', 'path', 'path')],
  group: [step('Authorizer', 'GroupCheck', 'group')],
  serviceAccount: [overload(`${authorizerType}.(string, string) -> ${authorizerType}`, serviceAccount)],
  resource: [step('GroupCheck', 'ResourceCheck', 'resource', 'resource')],
  subresource: [step('ResourceCheck', 'ResourceCheck', 'subresource')],
  namespace: [step('ResourceCheck', 'ResourceCheck', 'namespace')],
  name: [step('ResourceCheck', 'ResourceCheck', 'name')],
  fieldSelector: [{ ...step('ResourceCheck', 'ResourceCheck', 'fieldSelector'), cost: selector }],
  labelSelector: [{ ...step('ResourceCheck', 'ResourceCheck', 'labelSelector'), cost: selector }],
  check: (['PathCheck', 'ResourceCheck'] as const).map((part) =>
    overload(`${nameOf(part)}.(string) -> ${nameOf('Decision')}`, decided, checkCost),
  ),
  allowed: told('bool', ({ allowed }) => allowed),
  reason: told('string', ({ reason }) => reason ?? ''),
  errored: told('bool', ({ error }) => error !== undefined),
  error: told('string', ({ error }) => error ?? ''),
};
