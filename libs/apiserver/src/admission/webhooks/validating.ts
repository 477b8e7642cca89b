import { internalError, timeout } from '@kubephant/api';
import type { Logger } from '@kubephant/base';
import type { ValidatingWebhook } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { WriteAttributes } from '../attributes';
import { isExempt } from '../matching/rules';
import type { AdmissionMetrics, WebhookType } from '../metrics/metrics';
import { ask, type CallDependencies } from './call';
import { CallFailure, denial, Denial } from './errors';
import { invocationOf, readyWebhooks, type Invocation, type MatchDependencies } from './match';
import { observed } from './observed';

export interface WebhookDependencies extends CallDependencies, MatchDependencies {
  readonly log: Logger;
  readonly metrics: AdmissionMetrics;
}

/** How webhooks of a plugin are called in metrics. */
export interface Typed {
  readonly type: WebhookType;
}

/** Asks every webhook that is concerned, all at once, whether the object may be stored as it is now. */
export function validatingWebhooks(dependencies: WebhookDependencies): AdmissionPlugin {
  const webhooks = readyWebhooks<ValidatingWebhook>(dependencies.objects, 'validatingwebhookconfigurations');
  const matching = { ...dependencies, type: 'validating' } as const;
  return {
    name: 'ValidatingAdmissionWebhook',
    handles: (info) => !isExempt(info),
    async validate(attributes: WriteAttributes) {
      const concerned: Invocation[] = [];
      for (const webhook of webhooks()) {
        const form = webhook.matcher.formFor(attributes);
        if (!form) continue;
        const invocation = await invocationOf(webhook, form, attributes, matching);
        if (invocation) concerned.push(invocation);
      }
      if (concerned.length === 0) return;
      if (attributes.signal.aborted) throw tooLate();
      const errors = await Promise.all(concerned.map((one) => problemWith(one, attributes, matching)));
      const first = errors.find((error) => error !== undefined);
      if (first) throw first;
    },
  };
}

/** The client is gone, or has waited for as long as it may. */
export const tooLate = (): Error => timeout('request did not complete within requested timeout', 0);

/** Why the request is refused on behalf of this webhook; undefined: it is not. */
async function problemWith(
  invocation: Invocation,
  attributes: WriteAttributes,
  dependencies: WebhookDependencies & Typed,
): Promise<Error | undefined> {
  const { webhook } = invocation;
  const call = async (): Promise<void> => {
    const { allowed, result, warnings } = await ask(invocation, attributes, false, dependencies);
    for (const text of warnings) attributes.warn(text);
    if (!allowed) throw new Denial(denial(webhook.name, result));
  };
  try {
    await observed(webhook, attributes, dependencies, call);
    return undefined;
  } catch (err) {
    return isForgiven(err, invocation, dependencies.log) ? undefined : refusalOf(err);
  }
}

/** Whether a webhook that cannot be asked is done without. */
export function isForgiven(err: unknown, { webhook }: Invocation, log: Logger): boolean {
  if (!(err instanceof CallFailure)) return false;
  const open = webhook.failurePolicy === 'Ignore';
  log.warn(open ? 'failed calling webhook, failing open' : 'failed calling webhook, failing closed', {
    webhook: webhook.name,
    reason: err.message,
  });
  return open;
}

/** What the client is told. */
export function refusalOf(err: unknown): Error {
  if (err instanceof Denial) return err.status;
  if (err instanceof CallFailure) return internalError(err);
  return err instanceof Error ? err : new Error(String(err));
}
