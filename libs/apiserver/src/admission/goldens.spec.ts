import { readFileSync } from 'node:fs';
import { newRig, type Answer, type Rig } from '../registry/testing/rig';
import { testAdmission } from './testing';

interface Expected {
  readonly code: number;
  readonly message?: string;
  /** What upstream answered the second time: the order of its maps is not stable. */
  readonly alternative?: string;
  readonly causes?: readonly object[];
  readonly details?: object;
  readonly warnings?: readonly string[];
}

interface Case {
  readonly name: string;
  readonly request: string;
  readonly object: object;
  readonly answer: Expected;
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`testdata/${name}.json`, `file://${__dirname}/`), 'utf8')) as T;

/** A cluster with this namespace and its default account. */
async function newCluster(namespace: string, labels: object = {}): Promise<Rig> {
  const bare = newRig();
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: namespace, labels } } });
  await bare.ask(`POST /api/v1/namespaces/${namespace}/serviceaccounts`, { body: { metadata: { name: 'default' } } });
  return newRig({ store: bare.store, clock: bare.clock, admission: testAdmission(bare) });
}

function expectAnswer({ status, body, warnings }: Answer, { answer }: Pick<Case, 'answer'>): void {
  expect({ code: status, warnings }).toEqual({ code: answer.code, warnings: answer.warnings ?? [] });
  if (answer.message === undefined) return;
  expect([answer.message, answer.alternative]).toContain(body.message as string);
  const causes = answer.causes && { causes: answer.causes };
  expect(body.details).toEqual({ ...answer.details, ...causes });
}

describe('LimitRange', () => {
  const { setup, cases } = read<{ setup: object[]; cases: Case[] }>('limit-range');

  it.each(cases)('$name', async (one) => {
    const cluster = await newCluster('invalid-limit');
    for (const body of setup) await cluster.ask('POST /api/v1/namespaces/invalid-limit/limitranges', { body });
    expectAnswer(await cluster.ask(one.request, { body: one.object }), one);
  });
});

interface Quota {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly hard: Readonly<Record<string, string>> };
}

describe('ResourceQuota', () => {
  const { setup, cases } = read<{ setup: Quota[]; cases: Case[] }>('resource-quota');
  const quotas = '/api/v1/namespaces/invalid-quota/resourcequotas';
  /** What the cluster that was recorded had in it besides. */
  const counted: Readonly<Record<string, string>> = { 'q2 count/configmaps': '2', 'q1 pods': '1' };

  it('answers in turn what upstream answered', async () => {
    const cluster = await newCluster('invalid-quota');
    const critical = { metadata: { name: 'system-cluster-critical' }, value: 2_000_000_000 };
    await cluster.ask('POST /apis/scheduling.k8s.io/v1/priorityclasses', { body: critical });
    for (const quota of setup) {
      const { body } = await cluster.ask(`POST ${quotas}`, { body: quota });
      const { metadata, spec } = quota;
      const { hard } = spec;
      const used = Object.fromEntries(
        Object.keys(hard).map((name) => [name, counted[`${metadata.name} ${name}`] ?? '0']),
      );
      const status = { hard, used };
      await cluster.ask(`PUT ${quotas}/${metadata.name}/status`, { body: { ...body, status } });
    }
    for (const one of cases) expectAnswer(await cluster.ask(one.request, { body: one.object }), one);
  });
});

interface Changed {
  readonly name: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly delete?: readonly string[];
  readonly answer: Expected;
}

describe('PodSecurity', () => {
  const goldens = read<Record<string, { base: object; cases: Changed[] }>>('pod-security');
  const all = Object.entries(goldens).flatMap(([level, { base, cases }]) =>
    cases.map((one) => ({ level, base, ...one })),
  );

  it.each(all)('$level: $name', async ({ level, base, ...one }) => {
    const labels = { 'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/warn': 'restricted' };
    const namespace = `invalid-psa-${level}`;
    const cluster = await newCluster(namespace, labels);
    const body = changed(base, one);
    expectAnswer(await cluster.ask(`POST /api/v1/namespaces/${namespace}/pods?dryRun=All`, { body }), one);
  });
});

type Json = Record<string, unknown>;

/** A copy with what JSON pointers say set or gone. */
function changed(base: object, { set = {}, delete: gone = [] }: Changed): object {
  const copy = structuredClone(base) as Json;
  const parentOf = (parts: readonly string[]): Json =>
    parts.slice(0, -1).reduce<Json>((at, part) => (at[part] ??= {}) as Json, copy);
  const partsOf = (pointer: string): string[] =>
    pointer
      .slice(1)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (const [pointer, value] of Object.entries(set)) {
    const parts = partsOf(pointer);
    parentOf(parts)[parts.at(-1) ?? ''] = value;
  }
  for (const parts of gone.map(partsOf)) Reflect.deleteProperty(parentOf(parts), parts.at(-1) ?? '');
  return copy;
}
