import type { AdmissionMetrics, WebhookCall, WebhookType } from '../metrics/metrics';
import type { WriteAttributes } from '../attributes';
import { CallFailure, Denial } from './errors';
import type { AnyWebhook } from './match';

/** Calls a webhook, and tells what became of that. Rejects as the call does. */
export async function observed<T>(
  { name, failurePolicy }: AnyWebhook,
  { operation, signal }: WriteAttributes,
  { metrics, type }: { readonly metrics: AdmissionMetrics; readonly type: WebhookType },
  call: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const tell = (outcome: Pick<WebhookCall, 'code' | 'rejected' | 'failedOpen'>): void => {
    metrics.webhook({ name, type, operation, seconds: (performance.now() - start) / 1000, ...outcome });
  };
  try {
    const result = await call();
    tell({ code: 200 });
    return result;
  } catch (err) {
    tell(outcomeOf(err, failurePolicy === 'Ignore', signal.aborted));
    throw err;
  }
}

function outcomeOf(
  err: unknown,
  isOpen: boolean,
  isGone: boolean,
): Pick<WebhookCall, 'code' | 'rejected' | 'failedOpen'> {
  if (err instanceof Denial) return { code: err.status.code, rejected: 'no_error' };
  if (!(err instanceof CallFailure)) return { code: 0, rejected: 'apiserver_internal_error' };
  const { code } = err;
  return isOpen ? { code, failedOpen: !isGone } : { code, rejected: 'calling_webhook_error' };
}
