import { canonicalQuantity } from '@kubephant/api';
import type { ScalarSchema } from '../schema';
import { canonicalTime } from '../time';

/** What is wrong with a value: it is of the wrong kind, or of the right kind and malformed (`message`). */
export class Mismatch extends Error {
  readonly isKind: boolean;

  constructor(message?: string) {
    super(message ?? 'wrong type');
    this.isKind = message === undefined;
  }
}

const int32 = 2 ** 31;
const int64 = 2 ** 63;
/** The greatest number below 2^63: what the greatest integers, which no number of JavaScript is equal to, become. */
const greatest = int64 - 1024;

/** For each form, what is stored for a value that is not null. A result of undefined means the wrong kind of value. */
const conversions: Readonly<Record<ScalarSchema['type'], (value: unknown, schema: ScalarSchema) => unknown>> = {
  string: (value) => ofType('string', value),
  duration: (value) => ofType('string', value),
  boolean: (value) => ofType('boolean', value),
  number: (value) => ofType('number', value),
  integer: (value, { format }) => (format === 'int32' ? integerOf(value, int32) : integerOf(value, int64)),
  intOrString: (value) => ofType('string', value) ?? integerOf(value, int32),
  quantity: (value) => explained(() => canonicalQuantity(quantityText(value))),
  time: (value) => (typeof value === 'string' ? explained(() => canonicalTime(value, 'time')) : undefined),
  microTime: (value) => (typeof value === 'string' ? explained(() => canonicalTime(value, 'microTime')) : undefined),
  bytes: (value) => (typeof value === 'string' ? base64Of(value) : undefined),
};

/** Checks a value that is not null and gives the form in which it is stored. Throws Mismatch. */
export function convertScalar(schema: ScalarSchema, value: unknown): unknown {
  const converted = conversions[schema.type](value, schema);
  if (converted === undefined) throw new Mismatch();
  return converted;
}

/** The value of an absent field that is written all the same. */
export function zeroScalar({ type }: ScalarSchema): unknown {
  return zeros[type];
}

const zeros: Readonly<Record<ScalarSchema['type'], unknown>> = {
  string: '',
  duration: '',
  boolean: false,
  number: 0,
  integer: 0,
  intOrString: 0,
  quantity: '0',
  time: null,
  microTime: null,
  bytes: null,
};

const ofType = (type: 'string' | 'boolean' | 'number', value: unknown): unknown =>
  typeof value === type ? value : undefined;

function integerOf(value: unknown, limit: number): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  if (limit === int64 && Math.abs(value) === int64) return Math.sign(value) * greatest;
  return value >= -limit && value < limit ? value : undefined;
}

const quantityText = (value: unknown): string | number =>
  typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);

function explained<T>(convert: () => T): T {
  try {
    return convert();
  } catch (err) {
    throw new Mismatch(err instanceof Error ? err.message : String(err));
  }
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function base64Of(value: string): string {
  const text = value.includes('\n') || value.includes('\r') ? value.replace(/[\r\n]/g, '') : value;
  if (base64.test(text)) return text;
  throw new Mismatch(`illegal base64 data at input byte ${firstIllegalByte(value)}`);
}

/** Where upstream's decoder gives up: at the first foreign character, at misplaced padding, or at the end. */
function firstIllegalByte(value: string): number {
  let digits = 0;
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at);
    if (char === '\n' || char === '\r') continue;
    if (char === '=') return paddingProblem(value, at, digits % 4);
    if (!/[A-Za-z0-9+/]/.test(char)) return at;
    digits++;
  }
  return value.length - (digits % 4);
}

function paddingProblem(value: string, at: number, digits: number): number {
  if (digits < 2) return at;
  const rest = /^=[\r\n]*(=?)[\r\n]*/.exec(value.slice(at));
  const complete = digits === 3 ? 1 : (rest?.[0].length ?? 1);
  return digits === 2 && !rest?.[1] ? value.length : at + complete;
}
