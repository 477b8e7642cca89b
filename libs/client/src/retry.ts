import type { Clock } from '@kubephant/base';
import { readText } from './body';
import type { Transport, TransportRequest, TransportResponse } from './transport';

export interface RetryConfig {
  readonly clock: Clock;
  /** Called before each wait, with the status that caused it. */
  readonly onRetry?: (request: TransportRequest, status: number) => void;
  readonly maxRetries?: number;
}

const maxWaitSeconds = 60;
const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/**
 * Sends again when the server asks for it with Retry-After: after 429 always (the request was turned away unread),
 * after 503 only if it is idempotent. Gives up after `maxRetries` (10, as client-go) and returns the last answer.
 */
export function withRetries(transport: Transport, { clock, onRetry, maxRetries = 10 }: RetryConfig): Transport {
  return {
    async send(request) {
      for (let retries = 0; ; retries++) {
        const response = await transport.send(request);
        const waitSeconds = retries < maxRetries ? retryAfter(request, response) : undefined;
        if (waitSeconds === undefined) return response;
        await readText(response.body);
        onRetry?.(request, response.status);
        await clock.sleep(waitSeconds * 1000, request.signal);
        request.signal.throwIfAborted();
      }
    },
  };
}

function retryAfter(request: TransportRequest, { status, headers }: TransportResponse): number | undefined {
  const retriable = status === 429 || (status === 503 && idempotent.has(request.method));
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return retriable && Number.isInteger(seconds) && seconds >= 0 ? Math.min(seconds, maxWaitSeconds) : undefined;
}
