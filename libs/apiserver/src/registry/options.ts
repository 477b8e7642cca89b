import { fieldManagerName, invalid, maxFieldManagerBytes, quote, type Cause } from '@kubephant/api';
import { booleanParam } from './query';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** What CreateOptions, UpdateOptions and PatchOptions have in common, read from the query. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Who owns what is written: the query's `fieldManager`, else the beginning of the user agent. */
  readonly manager: string;
  readonly force: boolean;
}

export type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions' | 'ListOptions';

/** 422 about the options of a request, which is what upstream validates before it looks at the object. */
export function throwIfInvalid(kind: OptionsKind, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', causes);
}

export const unsupported = (field: string, value: unknown, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((s) => JSON.stringify(s)).join(', ')}`,
});

export function dryRunCauses(values: readonly string[]): readonly Cause[] {
  return values.every((value) => value === 'All') ? [] : [unsupported('dryRun', values, ['All'])];
}

function managerCauses(manager: string): readonly Cause[] {
  const field = 'fieldManager';
  const wrong = fieldManagerName(manager).map((message): Cause => ({
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${quote(manager)}: ${message}`,
  }));
  if (Buffer.byteLength(manager) <= maxFieldManagerBytes) return wrong;
  const message = `Too long: may not be more than ${maxFieldManagerBytes} bytes`;
  return [{ reason: 'FieldValueTooLong', field, message }, ...wrong];
}

const validations = ['', 'Ignore', 'Strict', 'Warn'];

export function writeOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  userAgent: string | null,
  apply = false,
): WriteOptions {
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') ?? '';
  const dryRun = query.getAll('dryRun');
  const force = booleanParam(query, 'force');
  throwIfInvalid(kind, [
    ...(kind === 'PatchOptions' ? patchCauses(apply, force, fieldManager) : []),
    ...managerCauses(fieldManager),
    ...dryRunCauses(dryRun),
    ...(validations.includes(fieldValidation) ? [] : [unsupported('fieldValidation', fieldValidation, validations)]),
  ]);
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation),
    manager: fieldManager === '' ? managerOf(userAgent) : fieldManager,
    force: force ?? false,
  };
}

function patchCauses(apply: boolean, force: boolean | undefined, fieldManager: string): readonly Cause[] {
  if (apply) {
    const message = 'Required value: is required for apply patch';
    return fieldManager === '' ? [{ reason: 'FieldValueRequired', field: 'fieldManager', message }] : [];
  }
  const message = 'Forbidden: may not be specified for non-apply patch';
  return force === undefined ? [] : [{ reason: 'FieldValueForbidden', field: 'force', message }];
}

/** The manager of a client that names none: its user agent up to the first slash, cut to what a name may be. */
function managerOf(userAgent: string | null): string {
  const printable = (userAgent ?? '')
    .split('/', 1)
    .join('')
    .replace(/[^\x20-\x7e]/g, '');
  return printable === '' ? 'unknown' : printable.slice(0, maxFieldManagerBytes);
}
