import { qualifiedName } from '@kubephant/api';
import type { AuditAnnotation, ExpressionWarning, ValidatingAdmissionPolicy, Validation } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { statusAlone } from '../meta/for-status';
import { ageColumn, integer, nameColumn, text } from '../print/columns';
import { duplicate, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, oneOf, optional, present, when } from '../validation/checks';
import { validateConditions } from '../validation/conditions';
import { at, type Path } from '../validation/path';
import { validateExpression, type CheckExpression, type Checking } from './expressions';
import { setMatchDefaults } from './match';
import { checkingOf, paramKindText, validatePolicy } from './policies';
import { reservedNameWarnings } from './reserved-names';

type Policy = ValidatingAdmissionPolicy;

const spec = at('spec');
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const maxAnnotations = 20;
const maxAnnotationBytes = 5 * 1024;

const blank = 'must be non-empty if specified';

function validateMessage(message: string, path: Path): Causes {
  if (message && !message.trim()) return [invalidValue(path, message, blank)];
  return when(/[\n\r]/.test(message.trim()), () => invalidValue(path, message, 'must not contain line breaks'));
}

function validateMessageExpression(expression: string, path: Path, checking: Checking): Causes {
  if (!expression) return none;
  if (!expression.trim()) return [invalidValue(path, expression, blank)];
  return validateExpression(expression, path, 'messageExpression', checking);
}

const validateValidation = (validation: Validation, path: Path, checking: Checking): Causes => [
  ...(validation.expression.trim()
    ? validateExpression(validation.expression, path.child('expression'), 'validation', checking)
    : [required(path.child('expression'), 'expression is not specified')]),
  ...validateMessageExpression(validation.messageExpression ?? '', path.child('messageExpression'), checking),
  ...validateMessage(validation.message ?? '', path.child('message')),
  ...optional(validation.reason, path.child('reason'), (reason, where) => oneOf(reason, where, reasons)),
];

/** Keys are annotations under the name of the policy. */
function validateKey(key: string, path: Path, name: string): Causes {
  if (!name) return [invalidValue(path, key, 'requires metadata.name be non-empty')];
  return follows(`${name}/${key}`, path, qualifiedName);
}

function validateValue(expression: string, path: Path, checking: Checking): Causes {
  if (!expression.trim()) return [required(path, 'valueExpression is not specified')];
  if (Buffer.byteLength(expression.trim()) > maxAnnotationBytes) {
    return [required(path, `must not exceed ${maxAnnotationBytes} bytes in length`)];
  }
  return validateExpression(expression, path, 'auditAnnotation', checking);
}

/** As upstream quotes it: with the names of the fields in Go. */
const shownAnnotation = ({ key, valueExpression }: AuditAnnotation): object => ({
  Key: key,
  ValueExpression: valueExpression,
});

function validateAnnotations(annotations: readonly AuditAnnotation[], name: string, checking: Checking): Causes {
  const path = spec.child('auditAnnotations');
  return [
    ...when(annotations.length > maxAnnotations, () =>
      invalidValue(
        path,
        annotations.map(shownAnnotation),
        `must not have more than ${maxAnnotations} auditAnnotations`,
      ),
    ),
    ...each(annotations, path, ({ key, valueExpression }, where, index) => [
      ...validateKey(key, where.child('key'), name),
      ...validateValue(valueExpression, where.child('valueExpression'), checking),
      ...when(annotations.findIndex((other) => other.key === key) < index, () => duplicate(where.child('key'), key)),
    ]),
  ];
}

const nothing = 'validations or auditAnnotations must contain at least one item';

function validateRules(
  { metadata, spec: { validations = [], auditAnnotations = [] } }: Policy,
  checking: Checking,
): Causes {
  if (validations.length + auditAnnotations.length === 0) {
    return [required(spec.child('validations'), nothing), required(spec.child('auditAnnotations'), nothing)];
  }
  return [
    ...each(validations, spec.child('validations'), (validation, path) =>
      validateValidation(validation, path, checking),
    ),
    ...validateAnnotations(auditAnnotations, metadata.name, checking),
  ];
}

function validate(policy: Policy, checking: Checking): Causes {
  return [...validatePolicy(policy, checking), ...validateRules(policy, checkingOf(policy, checking))];
}

/** What was accepted before is checked by the rules of then. */
function validateUpdate(policy: Policy, old: Policy, { checkExpression }: Checking): Causes {
  const known = new Set(expressionsOf(old));
  return validate(policy, {
    checkExpression:
      checkExpression &&
      ((expression, use, scope) => checkExpression(expression, use, { ...scope, stored: known.has(expression) })),
  });
}

const expressionsOf = ({ spec: wanted }: Policy): readonly string[] => [
  ...(wanted.matchConditions ?? []).map(({ expression }) => expression),
  ...(wanted.variables ?? []).map(({ expression }) => expression),
  ...(wanted.validations ?? []).flatMap(({ expression, messageExpression = '' }) => [expression, messageExpression]),
  ...(wanted.auditAnnotations ?? []).map(({ valueExpression }) => valueExpression),
];

const validateWarning = ({ warning, fieldRef }: ExpressionWarning, path: Path): Causes => [
  ...present(warning, path.child('warning')),
  ...present(fieldRef.trim(), path.child('fieldRef')),
];

/** What the controller found of its types. */
const validateStatus = ({ status }: Policy): Causes => [
  ...each(
    status?.typeChecking?.expressionWarnings,
    at('status', 'typeChecking', 'expressionWarnings'),
    validateWarning,
  ),
  ...validateConditions(status?.conditions, at('status', 'conditions')),
];

export const validatingAdmissionPolicies = (checkExpression?: CheckExpression): ResourceDefinition =>
  defineResource<Policy>({
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind: 'ValidatingAdmissionPolicy',
    scope: 'Cluster',
    names: {
      plural: 'validatingadmissionpolicies',
      singular: 'validatingadmissionpolicy',
      categories: ['api-extensions'],
    },
    schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
    generation: true,
    conditionalUpdate: true,
    columns: [
      nameColumn,
      integer('Validations', 'How many rules it has.', ({ spec: { validations = [] } }) => validations.length),
      text('ParamKind', 'Kind of its parameters.', paramKindText),
      ageColumn,
    ],
    defaults({ spec: wanted }) {
      wanted.failurePolicy ??= 'Fail';
      setMatchDefaults(wanted.matchConstraints);
    },
    strategy: {
      validate: (policy) => validate(policy, { checkExpression }),
      validateUpdate: (policy, old) => validateUpdate(policy, old, { checkExpression }),
      warnings: reservedNameWarnings,
    },
    subresources: { status: { kind: 'status', strategy: { ...statusAlone, validateUpdate: validateStatus } } },
  });
