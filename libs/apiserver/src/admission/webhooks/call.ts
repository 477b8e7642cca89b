import { badRequest } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { CallAnswer, Caller } from '@kubephant/serving';
import type { WriteAttributes } from '../attributes';
import { because, CallFailure, Refusal } from './errors';
import type { AnyWebhook, Invocation } from './match';
import { newReview, readVerdict, type Verdict } from './review';
import { targetOf, type ResolveService } from './target';

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
    const answer = await send(webhook, review.body, attributes.signal, dependencies);
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
  body: Buffer,
  signal: AbortSignal,
  { caller, resolve, clock }: CallDependencies,
): Promise<Buffer> {
  const done = new AbortController();
  const late = new AbortController();
  const waiting = clock.sleep(timeoutSeconds * 1000, done.signal).then(() => {
    if (!done.signal.aborted) late.abort();
  });
  let url = clientConfig.url ?? '';
  try {
    const target = await targetOf(clientConfig, timeoutSeconds, resolve);
    ({ url } = target);
    const both = AbortSignal.any([signal, late.signal]);
    return bodyOf(await caller.post(target, body, { signal: both, maxBytes: maxAnswerBytes }));
  } catch (err) {
    if (err instanceof Refusal) throw because('failed to call webhook', err);
    const why = late.signal.aborted ? new Error('context deadline exceeded') : err;
    throw because(`failed to call webhook: Post ${JSON.stringify(url)}`, why);
  } finally {
    done.abort();
    await waiting;
  }
}

const known: Readonly<Record<number, string>> = {
  401: 'the server has asked for the client to provide credentials',
  403: 'forbidden',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** How much of an error page is handed on. */
const maxSaid = 1024;

function bodyOf({ status, body }: CallAnswer): Buffer {
  if (status >= 200 && status < 300) return body;
  const said = body.subarray(0, maxSaid).toString().trim();
  const text =
    known[status] ??
    (status >= 500
      ? `an error on the server (${JSON.stringify(said || 'unknown')}) has prevented the request from succeeding`
      : `the server responded with the status code ${status} but did not return more information`);
  throw new Refusal(status, text);
}
