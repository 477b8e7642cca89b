import { randomUUID } from 'node:crypto';
import { StatusError, type KubeObject } from '@kubephant/api';
import type { CustomResourceConversion, WebhookConversion } from '@kubephant/schema';

/** Sends a ConversionReview to the webhook that the definition names, and brings its answer. Rejects when there is none. */
export type AskWebhook = (webhook: WebhookConversion, review: Buffer) => Promise<Buffer>;

/** Objects of any version of a custom resource in one version, in order; the argument is not changed. */
export type Convert = (objects: readonly KubeObject[], apiVersion: string) => Promise<readonly KubeObject[]>;

/** How the versions of a definition are made of each other: by their names alone, or by a webhook. */
export function newConvert(conversion: CustomResourceConversion | undefined, ask: AskWebhook): Convert {
  const { strategy, webhook } = conversion ?? { strategy: 'None' };
  return async (objects, apiVersion) => {
    const foreign = objects.filter((object) => object.apiVersion !== apiVersion);
    if (foreign.length === 0) return objects;
    if (strategy !== 'Webhook' || !webhook) return objects.map((object) => ({ ...object, apiVersion }));
    const converted = (await review(foreign, apiVersion, webhook, ask)).values();
    return objects.map((object) => (object.apiVersion === apiVersion ? object : (converted.next().value ?? object)));
  };
}

async function review(
  objects: readonly KubeObject[],
  apiVersion: string,
  webhook: WebhookConversion,
  ask: AskWebhook,
): Promise<readonly KubeObject[]> {
  const [first] = objects;
  const failed = (why: string): StatusError =>
    new StatusError(
      'InternalError',
      `conversion webhook for ${first?.apiVersion ?? ''}, Kind=${first?.kind ?? ''} failed: ${why}`,
    );
  const version = webhook.conversionReviewVersions.find((one) => one === 'v1' || one === 'v1beta1') ?? 'v1';
  const uid = randomUUID();
  const request = { uid, desiredAPIVersion: apiVersion, objects };
  const body = { kind: 'ConversionReview', apiVersion: `apiextensions.k8s.io/${version}`, request };
  const answer = await ask(webhook, Buffer.from(JSON.stringify(body))).catch((err: unknown) => {
    throw failed(err instanceof Error ? err.message : String(err));
  });
  const response = responseIn(answer);
  if (!response) throw failed('invalid response: expected a ConversionReview');
  if (response.uid !== uid)
    throw failed(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid)}`);
  if (response.result?.status !== 'Success') throw failed(response.result?.message ?? 'no reason given');
  return checked(objects, response.convertedObjects ?? [], { apiVersion, failed });
}

interface Response {
  readonly uid?: string;
  readonly convertedObjects?: readonly KubeObject[];
  readonly result?: { readonly status?: string; readonly message?: string };
}

function responseIn(answer: Buffer): Response | undefined {
  try {
    const { kind, response } = JSON.parse(answer.toString()) as { kind?: string; response?: Response };
    return kind === 'ConversionReview' ? response : undefined;
  } catch {
    return undefined; // What is no JSON is no ConversionReview either.
  }
}

interface Wanted {
  readonly apiVersion: string;
  readonly failed: (why: string) => StatusError;
}

/** What a webhook may not change stays: who the object is, and everything of its metadata but labels and annotations. */
function checked(
  objects: readonly KubeObject[],
  converted: readonly KubeObject[],
  { apiVersion, failed }: Wanted,
): readonly KubeObject[] {
  if (converted.length !== objects.length) {
    throw failed(`webhook returned ${converted.length} objects, expected ${objects.length}`);
  }
  return objects.map((object, index) => {
    const made = converted[index] as Partial<KubeObject> | undefined;
    const about = `invalid converted object at index ${index}`;
    if (made?.apiVersion !== apiVersion || made.kind !== object.kind || typeof made.metadata !== 'object') {
      throw failed(`${about}: expected ${apiVersion}, Kind=${object.kind}`);
    }
    if (made.metadata.name !== object.metadata.name || made.metadata.uid !== object.metadata.uid) {
      throw failed(`${about}: metadata.name and metadata.uid must not be changed`);
    }
    const { labels, annotations } = made.metadata;
    const { labels: _labels, annotations: _annotations, ...kept } = object.metadata;
    const metadata = { ...kept, ...(labels && { labels }), ...(annotations && { annotations }) };
    return { ...made, metadata } as KubeObject;
  });
}
