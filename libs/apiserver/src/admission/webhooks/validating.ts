import { internalError, timeout } from '@kubephant/api';
import type { Logger } from '@kubephant/base';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { WriteAttributes } from '../attributes';
import { isExempt } from '../matching/rules';
import { ask, type CallDependencies } from './call';
import { CallFailure, denial } from './errors';
import { invocationOf, webhooksOf, type Invocation, type MatchDependencies } from './match';

export interface WebhookDependencies extends CallDependencies, MatchDependencies {
  readonly log: Logger;
}

/** Asks every webhook that is concerned, all at once, whether the object may be stored as it is now. */
export function validatingWebhooks(dependencies: WebhookDependencies): AdmissionPlugin {
  return {
    name: 'ValidatingAdmissionWebhook',
    handles: (info) => !isExempt(info),
    async validate(attributes: WriteAttributes) {
      const concerned: Invocation[] = [];
      for (const { webhook, id } of await webhooksOf(dependencies.objects, 'validatingwebhookconfigurations')) {
        const invocation = await invocationOf(webhook, id, attributes, dependencies);
        if (invocation) concerned.push(invocation);
      }
      if (concerned.length === 0) return;
      if (attributes.signal.aborted) throw tooLate();
      const errors = await Promise.all(concerned.map((one) => problemWith(one, attributes, dependencies)));
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
  dependencies: WebhookDependencies,
): Promise<Error | undefined> {
  const { webhook } = invocation;
  try {
    const { allowed, result, warnings } = await ask(invocation, attributes, false, dependencies);
    for (const text of warnings) attributes.warn(text);
    return allowed ? undefined : denial(webhook.name, result);
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

export const refusalOf = (err: unknown): Error =>
  err instanceof CallFailure ? internalError(err) : err instanceof Error ? err : new Error(String(err));
