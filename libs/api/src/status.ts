import { groupResourceString, type GroupResource } from './object';
import { quote } from './quote';

/** Reason → HTTP code. Reasons are meta/v1 StatusReason; code never travels without its reason. */
export const codeOf = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServerTimeout: 500,
  StoreReadError: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;

export type StatusReason = keyof typeof codeOf;

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** meta/v1 Status, the body of every error. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: {
    readonly continue?: string;
    readonly remainingItemCount?: number;
    readonly resourceVersion?: string;
  };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** The one error class that crosses component borders. Ask with `is(reason, err)`; never compare messages or codes. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;

  /** A code given explicitly is for the few upstream answers whose code differs from their reason's. */
  constructor(
    reason: StatusReason | '',
    message: string,
    details?: StatusDetails,
    options: { readonly code?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code: options.code ?? (reason === '' ? 500 : codeOf[reason]),
    };
  }

  get reason(): string {
    return this.status.reason ?? '';
  }

  get code(): number {
    return this.status.code;
  }

  /** The error a client makes of a Failure it received; keeps unknown reasons and codes as they came. */
  static fromStatus(status: Status): StatusError {
    const err = new StatusError('', status.message ?? 'unknown', status.details, { code: status.code });
    return Object.assign(err, { status });
  }

  /** Whatever was thrown, as a StatusError: foreign errors become InternalError and keep their cause. */
  static from(err: unknown): StatusError {
    return err instanceof StatusError ? err : internalError(err);
  }
}

export function is(reason: StatusReason, err: unknown): err is StatusError {
  return err instanceof StatusError && err.reason === reason;
}

const about = ({ group, resource }: GroupResource, name: string): StatusDetails => ({
  ...(name && { name }),
  ...(group && { group }),
  kind: resource,
});

export const notFound = (gr: GroupResource, name: string): StatusError =>
  new StatusError('NotFound', `${groupResourceString(gr)} ${quote(name)} not found`, about(gr, name));

export const alreadyExists = (gr: GroupResource, name: string): StatusError =>
  new StatusError('AlreadyExists', `${groupResourceString(gr)} ${quote(name)} already exists`, about(gr, name));

export const conflict = (gr: GroupResource, name: string, why: string): StatusError =>
  new StatusError(
    'Conflict',
    `Operation cannot be fulfilled on ${groupResourceString(gr)} ${quote(name)}: ${why}`,
    about(gr, name),
  );

export const staleObject = (gr: GroupResource, name: string): StatusError =>
  conflict(gr, name, 'the object has been modified; please apply your changes to the latest version and try again');

export const forbidden = (gr: GroupResource, name: string, why: string): StatusError => {
  const what = name ? `${groupResourceString(gr)} ${quote(name)}` : groupResourceString(gr);
  return new StatusError('Forbidden', `${what} is forbidden: ${why}`, about(gr, name));
};

export const badRequest = (message: string): StatusError => new StatusError('BadRequest', message);

export const unauthorized = (): StatusError => new StatusError('Unauthorized', 'Unauthorized');

export const expired = (message: string): StatusError => new StatusError('Expired', message);

export const timeout = (message: string, retryAfterSeconds?: number): StatusError =>
  new StatusError('Timeout', message, retryAfterSeconds === undefined ? undefined : { retryAfterSeconds });

export const internalError = (err: unknown): StatusError => {
  const message = err instanceof Error ? err.message : String(err);
  return new StatusError(
    'InternalError',
    `Internal error occurred: ${message}`,
    { causes: [{ message }] },
    { cause: err },
  );
};

/** A field error. `message` is the text after the field path, without it: `Required value`, `Invalid value: "x": …`. */
export interface Cause {
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueForbidden'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
    | 'InternalError';
  readonly field: string;
  readonly message: string;
}

/** 422 with every cause; the message lists them as upstream does: one plain, several in brackets. */
export const invalid = (
  gk: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): StatusError => {
  const lines = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const listed = lines.length === 1 ? lines.join('') : `[${lines.join(', ')}]`;
  const kind = gk.group ? `${gk.kind}.${gk.group}` : gk.kind;
  const details = {
    ...(name && { name }),
    ...(gk.group && { group: gk.group }),
    ...(gk.kind && { kind: gk.kind }),
    causes,
  };
  return new StatusError('Invalid', `${kind} ${quote(name)} is invalid: ${listed}`, details);
};
