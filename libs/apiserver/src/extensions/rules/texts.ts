import type { Cause } from '@kubephant/api';
import { invalidValue, notSupported, required, type Path } from '@kubephant/resources';
import { additionalOf, type StructuralSchema, type ValidationRule } from '@kubephant/schema';
import { fieldPathOf } from './field-path';

type Causes = readonly Cause[];

export const rulesName = 'x-kubernetes-validations';

/** What is wrong with the texts around the rules of a schema and of all inside of it, whatever the rules say. */
export function checkTexts(schema: StructuralSchema, path: Path): Causes {
  const additional = additionalOf(schema);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      checkTexts(property, path.child('properties').key(name)),
    ),
    ...(additional ? checkTexts(additional, path.child('additionalProperties')) : []),
    ...(schema.items && !Array.isArray(schema.items) ? checkTexts(schema.items, path.child('items')) : []),
    ...(schema.not ? checkTexts(schema.not, path.child('not')) : []),
    ...(['allOf', 'oneOf', 'anyOf'] as const).flatMap((name) =>
      (schema[name] ?? []).flatMap((one, index) => checkTexts(one, path.child(name).index(index))),
    ),
    ...(schema[rulesName] ?? []).flatMap((rule, index) => checkText(schema, rule, path.child(rulesName).index(index))),
  ];
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const hasBreaks = (text: string): boolean => /[\n\r]/.test(text);

function checkText(schema: StructuralSchema, rule: ValidationRule, path: Path): Causes {
  const { messageExpression = '', reason } = rule;
  const causes: Cause[] = [...checkMessage(rule, path)];
  if (messageExpression !== '' && messageExpression.trim() === '') {
    causes.push(required(path.child('messageExpression'), 'messageExpression must be non-empty if specified'));
  }
  if (reason !== undefined && !reasons.includes(reason))
    causes.push(notSupported(path.child('reason'), reason, reasons));
  return [...causes, ...checkFieldPath(schema, rule, path.child('fieldPath'))];
}

function checkFieldPath(schema: StructuralSchema, { fieldPath = '' }: ValidationRule, path: Path): Causes {
  if (fieldPath === '') return [];
  const reproaches = [
    fieldPath.trim() === '' && 'must be non-empty if specified',
    hasBreaks(fieldPath) && 'must not contain line breaks',
    !fieldPathOf(schema, fieldPath)?.length && 'must be a valid path',
  ];
  return reproaches.flatMap((reproach) => (reproach ? [invalidValue(path, fieldPath, reproach)] : []));
}

function checkMessage({ rule, message = '' }: ValidationRule, path: Path): Causes {
  const said = message.trim();
  const at = path.child('message');
  if (rule.trim() === '') return [required(path.child('rule'), 'rule is not specified')];
  if (message !== '' && said === '') return [invalidValue(at, message, 'must be non-empty if specified')];
  if (hasBreaks(said)) return [invalidValue(at, message, 'must not contain line breaks')];
  if (!hasBreaks(rule.trim()) || said !== '') return [];
  return [required(at, 'message must be specified if rule contains line breaks')];
}
