import { dns1035Label, dns1123Subdomain, pathSegment, type KubeObject } from '@kubephant/api';
import type { MatchCondition, MatchResources, ParamKind, ParamRef, Variable } from '@kubephant/schema';
import { forbidden, invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { each, follows, oneOf, optional, requiredAnd, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import { at, type Path } from '../validation/path';
import { validateExpression, type Checking } from './expressions';
import { failurePolicies, validateMatchConditions, validateMatchResources } from './match';

/** What both kinds of admission policies have. */
export interface Policy extends KubeObject {
  spec: {
    paramKind?: ParamKind;
    matchConstraints?: MatchResources;
    matchConditions?: MatchCondition[];
    variables?: Variable[];
    failurePolicy?: string;
  };
}

const spec = at('spec');

function validateApiVersion(apiVersion: string, path: Path): Causes {
  const [first = '', second, ...others] = apiVersion === '/' ? ['', ''] : apiVersion.split('/');
  if (others.length > 0) return [invalidValue(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [group, version] = second === undefined ? ['', first] : [first, second];
  const wrongGroup = group ? dns1123Subdomain(group) : [];
  const wrongVersion = dns1035Label(version);
  return [
    ...when(wrongGroup.length > 0, () => invalidValue(path, group, wrongGroup.join(','))),
    ...(version === ''
      ? [invalidValue(path, apiVersion, 'version must be specified')]
      : when(wrongVersion.length > 0, () => invalidValue(path, version, wrongVersion.join(',')))),
  ];
}

const mixedCase = 'may have mixed case, but should otherwise match: ';

function validateParamKind({ apiVersion, kind }: ParamKind, path: Path): Causes {
  const wrongKind = kind ? dns1035Label(kind.toLowerCase()) : [];
  return [
    ...(apiVersion ? validateApiVersion(apiVersion, path.child('apiVersion')) : [required(path.child('apiVersion'))]),
    ...(kind ? none : [required(path.child('kind'))]),
    ...when(wrongKind.length > 0, () => invalidValue(path.child('kind'), kind, `${mixedCase}${wrongKind.join(',')}`)),
  ];
}

const reservedWords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const isIdentifier = (name: string): boolean => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reservedWords.has(name);

function validateVariable({ name, expression }: Variable, path: Path, checking: Checking): Causes {
  const where = path.child('expression');
  return [
    ...(name.trim()
      ? when(!isIdentifier(name), () => invalidValue(path.child('name'), name, 'must be a valid CEL identifier'))
      : [required(path.child('name'), 'name is not specified')]),
    ...(expression.trim()
      ? validateExpression(expression, where, 'variable', checking)
      : [required(where, 'expression is not specified')]),
  ];
}

const validateVariables = (variables: readonly Variable[], path: Path, checking: Checking): Causes =>
  each(variables, path, (variable, where, index) =>
    validateVariable(variable, where, { ...checking, variables: variables.slice(0, index) }),
  );

/** At least one rule says which types are meant. */
const validateConstraints = (constraints: MatchResources | undefined, path: Path): Causes =>
  constraints
    ? [
        ...validateMatchResources(constraints, path),
        ...when(!constraints.resourceRules?.length, () => required(path.child('resourceRules'))),
      ]
    : [required(path)];

/** What expressions of the policy may refer to: the parameters, and all of its variables. */
export const checkingOf = ({ spec: { paramKind, variables = [] } }: Policy, checking: Checking): Checking => ({
  ...checking,
  params: paramKind !== undefined,
  ...(variables.length > 0 && { variables }),
});

/** The part of a policy that does not say what it does. */
export function validatePolicy({ spec: wanted }: Policy, checking: Checking): Causes {
  const { paramKind, matchConstraints, matchConditions, variables = [], failurePolicy } = wanted;
  const scoped = { ...checking, params: paramKind !== undefined };
  return [
    ...oneOf(failurePolicy, spec.child('failurePolicy'), failurePolicies),
    ...optional(paramKind, spec.child('paramKind'), validateParamKind),
    ...validateConstraints(matchConstraints, spec.child('matchConstraints')),
    ...validateMatchConditions(matchConditions, spec.child('matchConditions'), scoped),
    ...validateVariables(variables, spec.child('variables'), scoped),
  ];
}

export const paramKindText = ({ spec: { paramKind } }: Policy): string =>
  paramKind ? `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}` : '<unset>';

/** What both kinds of bindings have. */
export interface PolicyBinding extends KubeObject {
  spec: { policyName?: string; paramRef?: ParamRef; matchResources?: MatchResources };
}

const eitherOr = 'name and selector are mutually exclusive';
const actions = ['Deny', 'Allow'];

function validateParamRef({ name, selector, parameterNotFoundAction: action }: ParamRef, path: Path): Causes {
  const [nameAt, selectorAt, actionAt] = ['name', 'selector', 'parameterNotFoundAction'].map((field) =>
    path.child(field),
  ) as [Path, Path, Path];
  const isBoth = Boolean(name) && selector !== undefined;
  return [
    ...(name ? follows(name, nameAt, pathSegment) : none),
    ...when(isBoth, () => forbidden(nameAt, eitherOr)),
    ...validateLabelSelector(selector, selectorAt),
    ...when(isBoth, () => forbidden(selectorAt, eitherOr)),
    ...when(!name && selector === undefined, () => required(path, 'one of name or selector must be specified')),
    ...(action ? when(!actions.includes(action), () => notSupported(actionAt, action, actions)) : [required(actionAt)]),
  ];
}

export const validateBinding = ({ spec: { policyName, paramRef, matchResources } }: PolicyBinding): Causes => [
  ...requiredAnd(policyName, spec.child('policyName'), (name) => dns1123Subdomain(name)),
  ...optional(paramRef, spec.child('paramRef'), validateParamRef),
  ...optional(matchResources, spec.child('matchResources'), validateMatchResources),
];

/** The parameters of a binding. Nobody knows here whether they lie in a namespace, so those without one get a star. */
export function paramRefText({ spec: { paramRef } }: PolicyBinding): string {
  if (paramRef?.name) return `${paramRef.namespace || '*'}/${paramRef.name}`;
  return paramRef?.selector ? selectorForm(paramRef.selector) : '<unset>';
}

/** A selector as Go prints the struct of it. */
function selectorForm({ matchLabels = {}, matchExpressions = [] }: NonNullable<ParamRef['selector']>): string {
  const labels = Object.entries(matchLabels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
