import {
  type AuthorizationCheck,
  type AuthorizationDecision,
  type Bindings,
  type CelMap,
  Decisions,
  evaluateWithAuthorizer,
  Failure,
  jsonValue,
  newAuthorizer,
  newRequestResource,
  perCallLimit,
  type Environment,
  type Evaluation,
  type Program,
  type Value,
} from '@kubephant/cel';
import type { KubeObject } from '@kubephant/api';
import type { Authorizer, RequestInfo, UserInfo } from '@kubephant/serving';
import type { Form, WriteAttributes } from '../attributes';
import { requestFacts } from '../review-request';
import { namespaceValue } from './namespace-value';

/** One expression, compiled; or why it cannot be. */
export interface Expression {
  readonly source: string;
  readonly program?: Program;
  readonly error?: string;
}

export function compile(environment: Environment, source: string): Expression {
  const compilation = environment.compile(source);
  if ('program' in compilation) return { source, program: compilation.program };
  return { source, error: compilation.error };
}

/** Nothing more is evaluated: all that may be spent on the request is. */
export class OutOfBudget extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

export interface SessionContext {
  readonly attributes: WriteAttributes;
  readonly form: Form;
  readonly authorizer: Authorizer;
  readonly namespace?: KubeObject | undefined;
  readonly params?: object | null;
  /** What all evaluations may cost together, in the units of upstream. */
  readonly budget: number;
}

/** One request as expressions see it, and what is left to spend on it. */
export class Session {
  readonly #bindings: Bindings;
  readonly #decisions = new Decisions();
  readonly #context: SessionContext;
  #left: number;

  private constructor(context: SessionContext, object: unknown, old: unknown) {
    const { attributes, form, namespace, params } = context;
    const { info } = attributes;
    const { group, resource, subresource, namespace: within, name } = info;
    const check = {
      group,
      resource,
      ...(subresource !== undefined && { subresource }),
      ...(within && { namespace: within }),
      ...(name && { name }),
    };
    this.#context = context;
    this.#left = context.budget;
    this.#bindings = {
      object: () => jsonValue(object),
      oldObject: () => jsonValue(old),
      request: () => jsonValue(requestFacts(attributes, form)),
      authorizer: () => newAuthorizer(this.#decisions.decide),
      'authorizer.requestResource': () => newRequestResource(check, this.#decisions.decide),
      namespaceObject: () => namespaceValue(namespace),
      params: () => jsonValue(params ?? null),
    };
  }

  static async open(context: SessionContext): Promise<Session> {
    const { attributes, form } = context;
    const shown = async (obj: KubeObject | undefined): Promise<unknown> => (obj ? form.show(obj) : null);
    return new Session(context, await shown(attributes.object), await shown(attributes.old));
  }

  /** The value of an expression. Throws OutOfBudget; every other problem is in the answer, in upstream's words. */
  async evaluate(
    expression: Expression,
    variables?: Value,
  ): Promise<{ readonly value?: Value; readonly error?: string }> {
    const { source, program, error } = expression;
    if (!program) return { error: `compilation error: ${error ?? ''}` };
    const bindings = variables === undefined ? this.#bindings : { ...this.#bindings, variables };
    const evaluation = await this.#run(program, bindings);
    if ('value' in evaluation) return { value: evaluation.value };
    return { error: `expression '${source}' resulted in error: ${evaluation.error}` };
  }

  /** Variables are evaluated when they are first asked for, each once. */
  variables(expressions: ReadonlyMap<string, Expression>): Value {
    const known = new Map<string, Value>();
    const names = [...expressions.keys()];
    const map: CelMap = {
      tag: 'map',
      size: names.length,
      keys: () => names,
      has: (key) => typeof key === 'string' && expressions.has(key),
      get: (key) => {
        const expression = typeof key === 'string' ? expressions.get(key) : undefined;
        if (typeof key !== 'string' || !expression) return undefined;
        const value = known.get(key) ?? this.#variable(key, expression, map);
        known.set(key, value);
        return value;
      },
    };
    return map;
  }

  #variable(name: string, { program, error }: Expression, variables: Value): Value {
    const failed = (why: string): Failure => new Failure(`composited variable "${name}" fails to evaluate: ${why}`);
    if (!program) return failed(error ?? '');
    const evaluation = program.evaluate({ ...this.#bindings, variables }, { budget: Math.max(this.#left, 0) });
    this.#left -= evaluation.cost;
    return 'value' in evaluation ? evaluation.value : failed(evaluation.error);
  }

  async #run(program: Program, bindings: Bindings): Promise<Evaluation> {
    const { authorizer, attributes } = this.#context;
    const budget = Math.min(this.#left, perCallLimit);
    const evaluation = await evaluateWithAuthorizer(program, bindings, this.#decisions, {
      budget,
      authorize: (check) => authorize(authorizer, attributes.user, check),
    });
    this.#left -= evaluation.cost;
    if (this.#left < 0) throw new OutOfBudget();
    return evaluation;
  }
}

async function authorize(
  authorizer: Authorizer,
  requester: UserInfo,
  check: AuthorizationCheck,
): Promise<AuthorizationDecision> {
  const { serviceAccount, path, group = '', resource = '', verb, subresource, namespace, name } = check;
  const user = serviceAccount ? accountUser(serviceAccount) : requester;
  const info: RequestInfo = {
    isResourceRequest: path === undefined,
    path: path ?? '',
    verb,
    group,
    version: '*',
    resource,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
  };
  const { verdict, reason } = await authorizer.authorize({ user, info });
  return { allowed: verdict === 'allow', ...(reason !== undefined && { reason }) };
}

const accountUser = ({ namespace, name }: { readonly namespace: string; readonly name: string }): UserInfo => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});
