import { equalJson, isObject, own, type JsonObject } from '../patch/json';
import { oldItemsOf, oldMember } from './correlate';
import { additionalOf, propertyOf, type StructuralSchema } from './form';
import { invalidAt, requiredAt, tooManyAt, unplaced, type Issue } from './issue';
import { checkEnum, checkNumber, checkText, checkType } from './validate-scalars';

/**
 * What keeps a value from being of the form, in upstream's words and order. With `old`, parts that did not change are
 * not reproached (KEP-4008, ratcheting).
 */
export function validateValue(schema: StructuralSchema, value: unknown, old?: unknown): readonly Issue[] {
  return check(schema, value, { at: '', old });
}

interface Place {
  readonly at: string;
  /** What was here before; undefined: nothing that can be compared. */
  readonly old: unknown;
}

function check(schema: StructuralSchema, value: unknown, place: Place): readonly Issue[] {
  const issues = checkAll(schema, value, place);
  return issues.length > 0 && place.old !== undefined && equalJson(place.old, value) ? [] : issues;
}

function checkAll(schema: StructuralSchema, value: unknown, place: Place): readonly Issue[] {
  const { at } = place;
  if (value === null) return [...checkType(schema, value, at), ...checkEnum(schema, value, at)];
  return [
    ...checkType(schema, value, at),
    ...checkAlternatives(schema, value, place),
    ...(typeof value === 'string' ? checkText(schema, value, at) : []),
    ...(typeof value === 'number' ? checkNumber(schema, value, at) : []),
    ...(Array.isArray(value) ? checkList(schema, value, place) : []),
    ...checkEnum(schema, value, at),
    ...(isObject(value) ? checkObject(schema, value, place) : []),
  ];
}

function checkList(schema: StructuralSchema, list: readonly unknown[], { at, old }: Place): readonly Issue[] {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const issues: Issue[] = [];
  if (items) {
    const before = oldItemsOf(schema, old);
    list.forEach((item, index) => issues.push(...check(items, item, { at: `${at}[${index}]`, old: before(item) })));
  }
  if (minItems !== undefined && list.length < minItems) {
    issues.push(invalidAt(at, list.length, `${at} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) issues.push(tooManyAt(at, list.length, maxItems));
  if (uniqueItems && hasTwins(list)) issues.push(invalidAt(at, null, `${at} in body shouldn't contain duplicates`));
  return issues;
}

const hasTwins = (list: readonly unknown[]): boolean =>
  list.some((item, index) => list.slice(0, index).some((other) => equalJson(item, other)));

function checkObject(schema: StructuralSchema, value: JsonObject, place: Place): readonly Issue[] {
  const { at } = place;
  const { minProperties = 0, maxProperties = Infinity } = schema;
  const keys = Object.keys(value);
  if (keys.length < minProperties) {
    return [invalidAt(at, keys.length, `${at} in body should have at least ${minProperties} properties`)];
  }
  if (keys.length > maxProperties) return [tooManyAt(at, keys.length, maxProperties)];
  return [...checkMembers(schema, value, place), ...checkRequired(schema, value, at)];
}

const below = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);

function checkMembers(schema: StructuralSchema, value: JsonObject, { at, old }: Place): readonly Issue[] {
  const additional = additionalOf(schema);
  return Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = propertyOf(schema, key) ?? additional;
      if (member) return check(member, value[key], { at: below(at, key), old: oldMember(old, key) });
      if (schema.additionalProperties !== false) return [];
      return [invalidAt(at, null, `${below(at, key)} in body is a forbidden property`)];
    });
}

const checkRequired = ({ required }: StructuralSchema, value: JsonObject, at: string): readonly Issue[] =>
  (required ?? []).filter((name) => own(value, name) === undefined).map((name) => requiredAt(below(at, name)));

function checkAlternatives(schema: StructuralSchema, value: unknown, place: Place): readonly Issue[] {
  const { anyOf, oneOf, allOf, not } = schema;
  return [
    ...(anyOf?.length ? checkAnyOf(anyOf, value, place) : []),
    ...(oneOf?.length ? checkOneOf(oneOf, value, place) : []),
    ...(allOf?.length ? checkAllOf(allOf, value, place) : []),
    ...(not && check(not, value, place).length === 0
      ? [unplaced(`${JSON.stringify(place.at)} must not validate the schema (not)`)]
      : []),
  ];
}

type Alternatives = readonly StructuralSchema[];

function checkAnyOf(schemas: Alternatives, value: unknown, place: Place): readonly Issue[] {
  let closest: readonly Issue[] = [];
  for (const schema of schemas) {
    const issues = check(schema, value, place);
    if (issues.length === 0) return [];
    if (closest.length === 0) closest = issues;
  }
  return [unplaced(`${JSON.stringify(place.at)} must validate at least one schema (anyOf)`), ...closest];
}

function checkOneOf(schemas: Alternatives, value: unknown, place: Place): readonly Issue[] {
  const results = schemas.map((schema) => check(schema, value, place));
  const valid = results.filter((issues) => issues.length === 0).length;
  if (valid === 1) return [];
  const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
  const text = `${JSON.stringify(place.at)} must validate one and only one schema (oneOf). ${found}`;
  return [unplaced(text), ...(valid === 0 ? (results[0] ?? []) : [])];
}

function checkAllOf(schemas: Alternatives, value: unknown, place: Place): readonly Issue[] {
  const results = schemas.map((schema) => check(schema, value, place));
  const valid = results.filter((issues) => issues.length === 0).length;
  if (valid === schemas.length) return [];
  const none = valid === 0 ? '. None validated' : '';
  return [...results.flat(), unplaced(`${JSON.stringify(place.at)} must validate all the schemas (allOf)${none}`)];
}
