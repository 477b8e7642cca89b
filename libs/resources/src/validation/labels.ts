import { labelValue, qualifiedName, type LabelSelector } from '@kubephant/api';
import { forbidden, invalidValue, none, required, type Causes } from './causes';
import { each, equal, follows, when, type Absent } from './checks';
import { goForm } from './go-form';
import type { Path } from './path';

/** Keys and values of a set of labels; all causes name the map itself. */
export const validateLabels = (labels: Readonly<Record<string, string>> | Absent, path: Path): Causes =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...follows(key, path, qualifiedName),
    ...follows(value, path, labelValue),
  ]);

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

function validateOperator({ operator, values }: Expression, path: Path): Causes {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values?.length
        ? none
        : [required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values?.length
        ? [forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
        : none;
    default:
      return [invalidValue(path.child('operator'), operator, 'not a valid selector operator')];
  }
}

const validateExpression = (expression: Expression, path: Path): Causes => [
  ...validateOperator(expression, path),
  ...follows(expression.key, path.child('key'), qualifiedName),
  ...each(expression.values, path.child('values'), (value, at) => follows(value, at, labelValue)),
];

export function validateLabelSelector(selector: LabelSelector | Absent, path: Path): Causes {
  if (!selector) return none;
  return [
    ...validateLabels(selector.matchLabels, path.child('matchLabels')),
    ...each(selector.matchExpressions, path.child('matchExpressions'), validateExpression),
  ];
}

/** A selector as upstream quotes it: labels by key. */
export const shownSelector = (selector: LabelSelector | Absent): unknown =>
  selector && goForm('io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector', selector);

/** A selector never changes: what it selected would be left alone. */
export const keepSelector = (now: LabelSelector | Absent, old: LabelSelector | Absent, path: Path): Causes =>
  when(!equal(now, old), () => invalidValue(path, shownSelector(now), 'field is immutable'));

export const isEmptySelector = (selector: LabelSelector | Absent): boolean =>
  Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0;
