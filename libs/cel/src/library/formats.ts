import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  labelValue,
  maskTrailingDash,
  qualifiedName,
} from '@kubephant/api';
import { type CostRule, nominal, patternOf } from '../cost/rules';
import { ArrayList } from '../values/collections';
import { parseDate, parseTimestamp } from '../values/time';
import { Failure, Optional, type OpaqueValue, type Value } from '../values/value';
import { type Library, overload } from './declare';
import { readUrl } from './urls';

type Check = (text: string) => readonly string[];

/** A named kind of text: names, label values, dates. */
export class FormatValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName = 'kubernetes.NamedFormat';
  readonly name: string;
  readonly check: Check;

  constructor(name: string, check: Check) {
    this.name = name;
    this.check = check;
  }

  equals(other: Value): boolean {
    return other instanceof FormatValue && other.name === this.name;
  }
}

const prefixed =
  (check: Check): Check =>
  (text) =>
    check(maskTrailingDash(text));
const unless =
  (isValid: (text: string) => boolean, message: string): Check =>
  (text) =>
    isValid(text) ? [] : [message];

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const uri: Check = (text) => {
  const url = readUrl(text);
  return url instanceof Failure ? [url.message.replace(/^URL parse error during conversion from string: /, '')] : [];
};

const checks: Readonly<Record<string, Check>> = {
  dns1123Label: (text) => dns1123Label(text),
  dns1123Subdomain: (text) => dns1123Subdomain(text),
  dns1035Label: (text) => dns1035Label(text),
  qualifiedName: (text) => qualifiedName(text),
  dns1123LabelPrefix: prefixed((text) => dns1123Label(text)),
  dns1123SubdomainPrefix: prefixed((text) => dns1123Subdomain(text)),
  dns1035LabelPrefix: prefixed((text) => dns1035Label(text)),
  labelValue: (text) => labelValue(text),
  uri,
  uuid: unless((text) => uuid.test(text), 'does not match the UUID format'),
  byte: unless((text) => text !== '' && base64.test(text), 'invalid base64'),
  date: unless((text) => parseDate(text) !== undefined, 'invalid date'),
  datetime: unless((text) => parseTimestamp(text) !== undefined, 'invalid datetime'),
};

const formats = new Map(Object.entries(checks).map(([name, check]) => [name, new FormatValue(name, check)]));

/** Upstream charges a check as a regular expression of this length, and estimates with the longest. */
const patternLengths: Readonly<Record<string, number>> = {
  dns1123Label: 30,
  dns1123Subdomain: 60,
  dns1035Label: 30,
  qualifiedName: 60,
  dns1123LabelPrefix: 30,
  dns1123SubdomainPrefix: 60,
  dns1035LabelPrefix: 30,
  labelValue: 40,
};
const longestPattern = 128;

const checking: CostRule = patternOf(
  (format) => (format instanceof FormatValue ? (patternLengths[format.name] ?? longestPattern) : longestPattern),
  longestPattern,
);

function validate(format: FormatValue, text: string): Value {
  const problems = format.check(text);
  return problems.length === 0 ? Optional.none : new Optional(new ArrayList(problems));
}

const type = 'kubernetes.NamedFormat';

export const formatLibrary: Library = {
  ...Object.fromEntries(
    [...formats].map(([name, format]) => [`format.${name}`, [overload(`() -> ${type}`, () => format, nominal)]]),
  ),
  'format.named': [
    overload(`(string) -> optional(${type})`, (name: string) => {
      const format = formats.get(name);
      return format ? new Optional(format) : Optional.none;
    }),
  ],
  validate: [overload(`${type}.(string) -> optional(list(string))`, validate, checking)],
};
