import { randomUUID } from 'node:crypto';
import type { Status } from '@kubephant/api';
import type { WriteAttributes, Form } from '../attributes';
import { requestFacts } from '../review-request';
import type { ReviewAnswer } from './decode';

const group = 'admission.k8s.io';
const versions = ['v1', 'v1beta1'];
const kind = 'AdmissionReview';

export interface Review {
  readonly uid: string;
  readonly version: string;
  readonly body: Buffer;
}

/** AdmissionReview in the first version that the webhook takes and we know. */
export async function newReview(accepted: readonly string[], attributes: WriteAttributes, form: Form): Promise<Review> {
  const version = accepted.find((one) => versions.includes(one));
  if (version === undefined) {
    throw new Error(`webhook does not accept known AdmissionReview versions (${versions.join(', ')})`);
  }
  const uid = randomUUID();
  const { object, old } = attributes;
  const { dryRun, options, ...facts } = requestFacts(attributes, form);
  const request = {
    uid,
    ...facts,
    object: object ? await form.show(object) : null,
    oldObject: old ? await form.show(old) : null,
    dryRun,
    options,
  };
  const apiVersion = `${group}/${version}`;
  return { uid, version, body: Buffer.from(JSON.stringify({ kind, apiVersion, request })) };
}

/** The bytes of a patch, and what kind of patch it says it is. */
export interface Patch {
  readonly bytes: Buffer;
  readonly type: string;
}

/** What a webhook answered, as far as it is understood. */
export interface Verdict {
  readonly allowed: boolean;
  readonly result?: Partial<Status>;
  readonly warnings: readonly string[];
  readonly patch?: Patch;
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const quoted = (text: string): string => JSON.stringify(text);

/** What the answer to a review says. Throws where that makes no sense. */
export function readVerdict({ uid, version }: Review, mutating: boolean, answer: ReviewAnswer): Verdict {
  const { response } = answer;
  if (!response) throw new Error('webhook response was absent');
  if (version === 'v1') {
    if (response['uid'] !== uid)
      throw new Error(`expected response.uid=${quoted(uid)}, got ${quoted(textOf(response['uid']))}`);
    demandKind(answer);
    demandPatchForm(response, mutating);
  }
  const { status, warnings } = response;
  const patch = mutating ? textOf(response['patch']) : '';
  return {
    allowed: response['allowed'] === true,
    ...(isJson(status) && { result: sane(status) }),
    warnings: Array.isArray(warnings) ? warnings.filter((text) => typeof text === 'string') : [],
    ...(patch !== '' && { patch: { bytes: Buffer.from(patch, 'base64'), type: textOf(response['patchType']) } }),
  };
}

function demandKind({ apiVersion, kind: given }: ReviewAnswer): void {
  const text = (api: string, name: string): string => {
    const slash = api.indexOf('/');
    return `${slash < 0 ? '' : api.slice(0, slash)}/${api.slice(slash + 1)}, Kind=${name}`;
  };
  const [expected, got] = [text(`${group}/v1`, kind), text(apiVersion, given)];
  if (expected !== got) throw new Error(`expected webhook response of ${expected}, got ${got}`);
}

function demandPatchForm({ patch, patchType }: Json, mutating: boolean): void {
  const [hasPatch, hasType] = [textOf(patch) !== '', patchType !== undefined && patchType !== null];
  if (!mutating) {
    if (hasPatch) throw new Error('validating webhook may not return response.patch');
    if (hasType) throw new Error('validating webhook may not return response.patchType');
    return;
  }
  if (hasPatch && !hasType) throw new Error('webhook returned response.patch but not response.patchType');
  if (!hasPatch && hasType) throw new Error('webhook returned response.patchType but not response.patch');
}

/** Only what has the form of a Status: the rest is not ours to hand on. */
function sane({ message, reason, code, details }: Json): Partial<Status> {
  return {
    ...(typeof message === 'string' && { message }),
    ...(typeof reason === 'string' && { reason }),
    ...(typeof code === 'number' && Number.isInteger(code) && { code }),
    ...(isJson(details) && { details }),
  };
}
