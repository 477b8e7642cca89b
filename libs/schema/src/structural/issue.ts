import type { Cause } from '@kubephant/api';

/** What is wrong with a value. `at` is where, from the value down (`spec.list[0]`); undefined: upstream does not say. */
export interface Issue {
  readonly reason: Cause['reason'];
  readonly at?: string;
  readonly message: string;
}

/** Numbers that no integer of 64 bits holds are written as Go does. */
const quoted = (value: unknown): string =>
  typeof value === 'number' && Math.abs(value) >= 2 ** 63 ? value.toExponential() : JSON.stringify(value ?? null);

export const invalidAt = (at: string, value: unknown, detail: string): Issue => ({
  reason: 'FieldValueInvalid',
  at,
  message: `Invalid value: ${quoted(value)}: ${detail}`,
});

/** A value of the wrong type or format: `shown` is the type, or the text that does not have the format. */
export const wrongType = (at: string, wanted: string, shown: string): Issue => ({
  reason: 'FieldValueTypeInvalid',
  at,
  message: `Invalid value: ${quoted(shown)}: ${at} in body must be of type ${wanted}: ${quoted(shown)}`,
});

export const requiredAt = (at: string): Issue => ({ reason: 'FieldValueRequired', at, message: 'Required value' });

export const tooLongAt = (at: string, max: number): Issue => ({
  reason: 'FieldValueTooLong',
  at,
  message: `Too long: may not be more than ${max} bytes`,
});

export const tooManyAt = (at: string, count: number, max: number): Issue => ({
  reason: 'FieldValueTooMany',
  at,
  message: `Too many: ${count}: must have at most ${max} items`,
});

export const duplicateAt = (at: string, value: unknown): Issue => ({
  reason: 'FieldValueDuplicate',
  at,
  message: `Duplicate value: ${quoted(value)}`,
});

export const notSupportedAt = (at: string, value: unknown, allowed: readonly unknown[]): Issue => {
  const shown = allowed.map((one) => quoted(typeof one === 'string' ? one : JSON.stringify(one))).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    at,
    message: `Unsupported value: ${quoted(value)}: supported values: ${shown}`,
  };
};

/** An issue that upstream tells without a path. */
export const unplaced = (text: string): Issue => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: "": ${text}`,
});
