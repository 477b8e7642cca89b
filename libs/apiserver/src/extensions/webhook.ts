import type { Clock } from '@kubephant/base';
import type { Caller } from '@kubephant/serving';
import { targetOf, type ResolveService } from '../admission/webhooks/target';
import type { AskWebhook } from './conversion';

export interface WebhookDependencies {
  readonly caller: Caller;
  readonly resolve: ResolveService;
  readonly clock: Clock;
}

/** How long a conversion may take, as upstream waits. */
const timeoutSeconds = 30;
/** A page of objects is large, and comes back as large. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Asks webhooks over HTTPS: where the definition says, trusting whom it says. */
export function newAskWebhook({ caller, resolve, clock }: WebhookDependencies): AskWebhook {
  return async ({ clientConfig }, review) => {
    const done = new AbortController();
    const late = new AbortController();
    const waiting = clock.sleep(timeoutSeconds * 1000, done.signal).then(() => {
      if (!done.signal.aborted) late.abort();
    });
    try {
      const target = await targetOf(clientConfig ?? {}, timeoutSeconds, resolve);
      const { status, body } = await caller.post(target, review, { signal: late.signal, maxBytes: maxAnswerBytes });
      if (status < 200 || status > 299) throw new Error(`the server responded with the status code ${status}`);
      return body;
    } finally {
      done.abort();
      await waiting;
    }
  };
}
