/** Why a container does not run yet, in the words of its status: `ErrImagePull`, `CrashLoopBackOff`, … */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly reason: string;
  /** When it is worth trying again by itself; absent: whenever something changes. */
  readonly retryAfterMs: number | undefined;

  constructor(
    reason: string,
    message: string,
    options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs;
  }
}
