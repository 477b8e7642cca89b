import { badRequest } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { CallAnswer, Caller } from '@kubephant/serving';
import type { WriteAttributes } from '../attributes';
import { bodyOf } from './answer';
import { because, CallFailure } from './errors';
import type { AnyWebhook, Invocation } from './match';
import { decodeAnswer, type ReviewAnswer } from './decode';
import { newReview, readVerdict, type Review, type Verdict } from './review';
import { targetOf, urlOf, type ResolveService } from './target';

/** A patch can be as large as an object, and is in base64. */
const maxAnswerBytes = 8 * 1024 * 1024;
const defaultTimeoutSeconds = 10;

export interface CallDependencies {
  readonly caller: Caller;
  readonly resolve: ResolveService;
  readonly clock: Clock;
}

/**
 * Asks a webhook. Throws CallFailure when there is no answer that can be understood, and BadRequest for a dry run of
 * what a webhook would not leave at that.
 */
export async function ask(
  { webhook, form }: Invocation,
  attributes: WriteAttributes,
  mutating: boolean,
  dependencies: CallDependencies,
): Promise<Verdict> {
  demandDryRun(webhook, attributes);
  try {
    const review = await newReview(webhook.admissionReviewVersions, attributes, form);
    const answer = await send(webhook, review, attributes.signal, dependencies);
    try {
      return readVerdict(review, mutating, answer);
    } catch (err) {
      throw because('received invalid webhook response', err);
    }
  } catch (err) {
    throw new CallFailure(webhook.name, err);
  }
}

function demandDryRun({ name, sideEffects }: AnyWebhook, { dryRun }: WriteAttributes): void {
  if (!dryRun || sideEffects === 'None' || sideEffects === 'NoneOnDryRun') return;
  throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
}

async function send(
  { clientConfig, timeoutSeconds = defaultTimeoutSeconds }: AnyWebhook,
  review: Review,
  signal: AbortSignal,
  { caller, resolve, clock }: CallDependencies,
): Promise<ReviewAnswer> {
  const done = new AbortController();
  const late = new AbortController();
  const waiting = clock.sleep(timeoutSeconds * 1000, done.signal).then(() => {
    if (!done.signal.aborted) late.abort();
  });
  try {
    const post = async (): Promise<CallAnswer> => {
      const target = await targetOf(clientConfig, timeoutSeconds, resolve);
      const both = AbortSignal.any([signal, late.signal]);
      return caller.post(target, review.body, { signal: both, maxBytes: maxAnswerBytes });
    };
    const answer = await post().catch((err: unknown) => {
      const why = late.signal.aborted ? new Error('context deadline exceeded') : err;
      throw because(`Post ${JSON.stringify(urlOf(clientConfig, timeoutSeconds))}`, why);
    });
    return decodeAnswer(bodyOf(answer), review);
  } catch (err) {
    throw because('failed to call webhook', err);
  } finally {
    done.abort();
    await waiting;
  }
}
