import type { ExpressionWarning, NamedRuleWithOperations, ValidatingAdmissionPolicy } from '@kubephant/schema';
import { type Environment, newEnvironment } from './environment';
import { authorizerType } from './library/authz';
import { namespaceType, requestType, variablesType } from './schema/admission';
import { opaque, scalar, type Type } from './types';

/** A kind of objects, and of what type expressions see them. */
export interface PolicyKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** undefined: nobody knows. */
  readonly type: Type | undefined;
}

/** What is known of the kinds that policies are about. */
export interface PolicyKinds {
  ofResource(group: string, version: string, plural: string): PolicyKind | undefined;
  ofKind(apiVersion: string, kind: string): PolicyKind | undefined;
}

/** So many kinds of one rule are looked at, as upstream. */
const mostKinds = 10;

/**
 * What in the expressions of a policy does not fit the kinds that it names, as upstream's controller tells it in the
 * status. Rules with wildcards, and kinds that nobody knows, are left out.
 */
export function policyWarnings({ spec }: ValidatingAdmissionPolicy, kinds: PolicyKinds): readonly ExpressionWarning[] {
  const { paramKind, variables = [], validations = [] } = spec;
  const params = paramKind && { type: kinds.ofKind(paramKind.apiVersion ?? '', paramKind.kind ?? '')?.type };
  const typed = kindsOf(spec.matchConstraints?.resourceRules ?? [], kinds).flatMap((kind) => {
    if (!kind.type) return [];
    const base = environmentFor(kind.type, params);
    return [{ name: nameOf(kind), environment: withVariables(base, variables) }];
  });
  const warningsOf = (fieldRef: string, expression: string): readonly ExpressionWarning[] => {
    const problems = typed.flatMap(({ name, environment }) => {
      const compilation = environment.compile(expression);
      return 'error' in compilation ? [`${name}: ${compilation.error.replace(/^compilation failed: /, '')}\n`] : [];
    });
    return problems.length > 0 ? [{ fieldRef, warning: problems.join('\n') }] : [];
  };
  return validations.flatMap(({ expression, messageExpression }, index) => [
    ...warningsOf(`spec.validations[${index}].expression`, expression),
    ...(messageExpression ? warningsOf(`spec.validations[${index}].messageExpression`, messageExpression) : []),
  ]);
}

/** `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. */
const nameOf = ({ group, version, kind }: PolicyKind): string => `${group}/${version}, Kind=${kind}`;

/** As far as its types go: that `authorizer` has more below it is not among them. */
function environmentFor(object: Type, params: { readonly type: Type | undefined } | undefined): Environment {
  return newEnvironment({
    variables: {
      ...{ object, oldObject: object, request: requestType, namespaceObject: namespaceType },
      authorizer: opaque(authorizerType),
      ...(params && { params: params.type ?? scalar.dyn }),
    },
  });
}

function withVariables(
  base: Environment,
  variables: readonly { readonly name: string; readonly expression: string }[],
): Environment {
  let types: ReadonlyMap<string, Type> = new Map();
  for (const { name, expression } of variables) {
    const compilation = base.extend({ variables: variablesType(types) }).compile(expression);
    types = new Map([...types, [name, 'program' in compilation ? compilation.program.type : scalar.dyn] as const]);
  }
  return base.extend({ variables: variablesType(types) });
}

/** Each once, by group, version and kind. */
function kindsOf(rules: readonly NamedRuleWithOperations[], kinds: PolicyKinds): readonly PolicyKind[] {
  const found = new Map<string, PolicyKind>();
  for (const rule of rules) {
    const ofRule = placesIn(rule).flatMap(([group, version, plural]) => kinds.ofResource(group, version, plural) ?? []);
    for (const kind of ofRule.slice(0, mostKinds)) found.set(nameOf(kind), kind);
    if (ofRule.length >= mostKinds) break;
  }
  const order = ({ group, version, kind }: PolicyKind): string => [group, version, kind].join('\0');
  return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

type Place = readonly [group: string, version: string, plural: string];

function placesIn({ apiGroups = [], apiVersions = [], resources = [] }: NamedRuleWithOperations): readonly Place[] {
  if ([...apiGroups, ...apiVersions].some((name) => name.includes('*'))) return [];
  const plurals = resources.filter((name) => !/[*/]/.test(name)).sort();
  return [...apiGroups]
    .sort()
    .flatMap((group) =>
      [...apiVersions].sort().flatMap((version) => plurals.map((plural): Place => [group, version, plural])),
    );
}
