import { StatusError, type Status } from '@kubephant/api';

/** The webhook could not be asked, or its answer is none: its failurePolicy says what that means. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  /** What a server answered instead, or 503 where none did. */
  readonly code: number;

  constructor(webhook: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${why}`, { cause });
    this.code = codeIn(cause) ?? 503;
  }
}

/** A server answered, with an error. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const codeIn = (err: unknown): number | undefined =>
  err instanceof Refusal ? err.code : err instanceof Error && err.cause ? codeIn(err.cause) : undefined;

/** The webhook said no. */
export class Denial extends Error {
  override readonly name = 'Denial';
  readonly status: StatusError;

  constructor(status: StatusError) {
    super(status.message);
    this.status = status;
  }
}

/** Says what was being done when something failed. */
export const because = (what: string, err: unknown): Error =>
  new Error(`${what}: ${err instanceof Error ? err.message : String(err)}`, { cause: err });

/** What the webhook said no with, as the API's own answer. */
export function denial(webhook: string, result: Partial<Status> = {}): StatusError {
  const denied = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const { message, reason, details, code = 0 } = result;
  const said = message || reason;
  return StatusError.fromStatus({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: said ? `${denied}: ${said}` : `${denied} without explanation`,
    ...(reason && { reason }),
    ...(details && { details }),
    code: code < 400 || code > 599 ? 400 : code,
  });
}
