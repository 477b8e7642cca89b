import { internalError, type KubeObject } from '@kubephant/api';
import { applyJsonPatch, parseJson } from '@kubephant/schema';
import type { MutatingWebhook } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { Form, WriteAttributes } from '../attributes';
import { isExempt } from '../matching/rules';
import { becomes } from '../become';
import { demandKind, patchProblem } from '../patched';
import { beginPass } from '../reinvocation';
import { ask } from './call';
import { because, CallFailure, denial, Denial } from './errors';
import { invocationOf, readyWebhooks, type Invocation } from './match';
import { observed } from './observed';
import type { Patch } from './review';
import { isForgiven, refusalOf, tooLate, type Typed, type WebhookDependencies } from './validating';

const name = 'MutatingAdmissionWebhook';

/** Lets every webhook that is concerned change the object, one after the other. */
export function mutatingWebhooks(dependencies: WebhookDependencies): AdmissionPlugin {
  const webhooks = readyWebhooks<MutatingWebhook>(dependencies.objects, 'mutatingwebhookconfigurations');
  const matching = { ...dependencies, type: 'admit' } as const;
  return {
    name,
    handles: (info) => !isExempt(info),
    async admit(attributes: WriteAttributes) {
      const all = webhooks();
      if (all.length === 0) return;
      const pass = beginPass(name, attributes);
      for (const webhook of all) {
        const form = webhook.matcher.formFor(attributes);
        if (!form) continue;
        const found = await invocationOf(webhook, form, attributes, matching);
        if (!found || !pass.concerns(found.id)) continue;
        const changed = await change(found, attributes, matching);
        pass.asked(found.id, { changed, again: found.webhook.reinvocationPolicy === 'IfNeeded' });
      }
      pass.end();
    },
  };
}

/** Whether the webhook changed the object. Throws when the request is refused on its behalf. */
async function change(
  invocation: Invocation,
  attributes: WriteAttributes,
  dependencies: WebhookDependencies & Typed,
): Promise<boolean> {
  const { webhook } = invocation;
  const call = async (): Promise<boolean> => {
    const { allowed, result, warnings, patch } = await ask(invocation, attributes, true, dependencies);
    for (const text of warnings) attributes.warn(text);
    if (!allowed) throw new Denial(denial(webhook.name, result));
    return patch !== undefined && (await applyPatch(invocation, attributes, patch));
  };
  try {
    return await observed(webhook, attributes, dependencies, call);
  } catch (err) {
    if (!isForgiven(err, invocation, dependencies.log)) throw refusalOf(err);
    if (attributes.signal.aborted) throw tooLate();
    return false;
  }
}

async function applyPatch(
  { webhook, form }: Invocation,
  { object }: WriteAttributes,
  { bytes, type }: Patch,
): Promise<boolean> {
  const patch = readPatch(webhook.name, bytes);
  if (patch.length === 0) return false;
  if (!object) {
    const what = `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object`;
    throw internalError(`${what}, which is not supported for this operation`);
  }
  // In v1beta1 there was but one kind of patch, and nobody had to say so.
  if (type !== 'JSONPatch' && type !== '') {
    throw new CallFailure(webhook.name, new Error(`unsupported patch type ${JSON.stringify(type)}`));
  }
  return becomes(object, await patched(object, patch, form));
}

function readPatch(webhook: string, bytes: Buffer): readonly unknown[] {
  try {
    const { value } = parseJson(bytes.toString());
    if (Array.isArray(value)) return value as readonly unknown[];
    const type = typeof value === 'boolean' ? 'bool' : typeof value;
    throw new Error(`json: cannot unmarshal ${type} into Go value of type jsonpatch.Patch`);
  } catch (err) {
    throw new CallFailure(webhook, because('received undecodable patch in webhook response', err));
  }
}

async function patched(object: KubeObject, patch: readonly unknown[], form: Form): Promise<KubeObject> {
  const shown = await form.show(object);
  const made = attempt(() => applyJsonPatch(shown, patch));
  demandKind(made, shown, form);
  try {
    return await form.take(made, object);
  } catch (err) {
    throw internalError(err);
  }
}

/** What is wrong with a patch is told as it is. */
function attempt<T>(apply: () => T): T {
  try {
    return apply();
  } catch (err) {
    throw internalError(patchProblem(err));
  }
}
