import type { CallAnswer, Caller, CallTarget } from '@kubephant/serving';
import { newRig, type Answer, type Rig } from '../../../registry/testing/rig';
import { testAdmission } from '../../testing';

export const configMaps = '/api/v1/namespaces/default/configmaps';
export const group = '/apis/admissionregistration.k8s.io/v1';
const kinds = { mutating: 'mutatingwebhookconfigurations', validating: 'validatingwebhookconfigurations' } as const;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into reviews of every form
export type Request = any;
/** What a webhook makes of a request: a response but for its uid, bytes, or nothing but an error. */
export type Behaviour = (request: Request, signal: AbortSignal) => unknown;

/** A server that asks webhooks, each of them a function. */
export interface World extends Rig {
  /** Requests by the name of the webhook, in order. */
  readonly asked: { readonly name: string; readonly request: Request; readonly target: CallTarget }[];
  register(kind: keyof typeof kinds, name: string, webhook?: object): Promise<void>;
}

const json = (value: unknown): CallAnswer => ({ status: 200, body: Buffer.from(JSON.stringify(value)) });

/** A server whose webhooks behave so, by their names. */
export async function newWorld(behaviours: Readonly<Record<string, Behaviour>>): Promise<World> {
  const bare = newRig();
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'default', labels: { team: 'a' } } } });
  await bare.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
  const asked: World['asked'] = [];
  const caller: Caller = {
    async post(target, body, { signal }) {
      const { apiVersion, kind, request } = JSON.parse(body.toString());
      const name = new URL(target.url).pathname.slice(1);
      asked.push({ name, request, target });
      const made = await behaviours[name]?.(request, signal);
      if (Buffer.isBuffer(made)) return { status: 200, body: made };
      if (typeof made === 'number') return { status: made, body: Buffer.from('oops') };
      return json({ apiVersion, kind, response: { uid: request.uid, ...(made as object) } });
    },
  };
  const resolveService = async () => ({ host: '10.0.0.9', port: 8443 });
  const admission = testAdmission({ store: bare.store, clock: bare.clock, caller, resolveService });
  const rig = newRig({ store: bare.store, clock: bare.clock, admission });
  return {
    ...rig,
    asked,
    async register(kind, name, webhook = {}) {
      const one = {
        name: `${name}.example.com`,
        clientConfig: { url: `https://hooks.example.com/${name}` },
        rules: [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['configmaps'], operations: ['*'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...webhook,
      };
      const { status, body } = await rig.ask(`POST ${group}/${kinds[kind]}`, {
        body: { metadata: { name }, webhooks: [one] },
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
    },
  };
}

export const allow: Behaviour = () => ({ allowed: true });
export const patchOf = (...operations: readonly object[]): object => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
export const map = (name = 'x', rest: object = {}): object => ({ metadata: { name }, ...rest });
export const told = ({ body }: Answer): string =>
  `${(body as { code: number }).code} ${(body as { reason?: string }).reason ?? ''} ${(body as { message: string }).message}`;
