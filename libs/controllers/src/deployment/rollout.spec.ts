import type { Deployment, ReplicaSet } from '@kubephant/schema';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSetSize, rollingStep, scalingStep, type Scale, type Sets } from './plan';
import { availableOf, replicasOf } from './sizes';

// Each case of the golden file: a sentence, the deployment, its sets as `name size/available [max]`, ----, what happens.
// `GOLDEN=write npm test` writes it anew; read the difference.
const path = join(__dirname, 'testdata', 'rollout.txt');
const separator = '\n====\n';

function parseDeployment(line: string): Deployment {
  const {
    replicas = '1',
    surge = '25%',
    unavailable = '25%',
  } = Object.fromEntries(line.split(' ').map((word) => word.split('='))) as Record<string, string>;
  const limit = (text: string): string | number => (text.endsWith('%') ? text : Number(text));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', uid: 'd', resourceVersion: '1' },
    spec: {
      replicas: Number(replicas),
      selector: {},
      template: {},
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: limit(surge), maxUnavailable: limit(unavailable) },
      },
    },
  };
}

function parseSet(line: string, age: number): ReplicaSet {
  const [, name = '', size = '', available = '', max] = /^(\w+) (\d+)\/(\d+)(?: max=(\d+))?$/.exec(line) ?? [];
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      uid: name,
      resourceVersion: '1',
      creationTimestamp: `2026-01-01T00:00:0${age}Z`,
      ...(max && { annotations: { 'deployment.kubernetes.io/max-replicas': max } }),
    },
    spec: { replicas: Number(size), selector: {} },
    status: { replicas: Number(size), availableReplicas: Number(available) },
  };
}

const show = (scales: readonly Scale[]): string =>
  scales.map(({ set, to }) => `${set.metadata.name} ${replicasOf(set)} -> ${to}`).join(', ');

function apply({ newSet, olds }: Sets, scales: readonly Scale[]): Sets {
  const scaled = (set: ReplicaSet): ReplicaSet => {
    const to = scales.find((scale) => scale.set === set)?.to ?? replicasOf(set);
    const status = { replicas: to, availableReplicas: Math.min(to, availableOf(set)) };
    return { ...set, spec: { ...set.spec, replicas: to }, status };
  };
  return { newSet: newSet && scaled(newSet), olds: olds.map(scaled) };
}

const ready = ({ newSet, olds }: Sets): Sets => {
  const all = (set: ReplicaSet): ReplicaSet => ({
    ...set,
    status: { replicas: replicasOf(set), availableReplicas: replicasOf(set) },
  });
  return { newSet: newSet && all(newSet), olds };
};

/** Steps until nothing moves any more; whenever the plan waits, the new set's pods become ready. */
function roll(deployment: Deployment, start: Sets): string[] {
  const created = start.newSet ?? { ...parseSet('new 0/0', 9) };
  const size = start.newSet ? replicasOf(created) : newSetSize(deployment, start);
  const trace = start.newSet ? [] : [`create new with ${size}`];
  let sets: Sets = { ...start, newSet: { ...created, spec: { ...created.spec, replicas: size } } };
  for (let waits = 0; waits < 2;) {
    const scales = rollingStep(deployment, { newSet: sets.newSet!, olds: sets.olds });
    if (scales.length === 0) {
      waits += 1;
      if (availableOf(sets.newSet!) < replicasOf(sets.newSet!)) trace.push('the new pods become ready');
      sets = ready(sets);
    } else {
      waits = 0;
      trace.push(show(scales));
      sets = apply(sets, scales);
    }
  }
  return trace;
}

function run(input: string): string {
  const [, what = '', ...lines] = input.trim().split('\n');
  const deployment = parseDeployment(what);
  const sets = lines.map(parseSet);
  const newSet = sets.find(({ metadata }) => metadata.name === 'new');
  const start = { newSet, olds: sets.filter((set) => set !== newSet) };
  const trace = what.includes('mode=scale') ? [show(scalingStep(deployment, start))] : roll(deployment, start);
  return `${input.trim()}\n----\n${trace.join('\n')}\n`;
}

const cases = readFileSync(path, 'utf8')
  .split(separator)
  .filter((text) => text.trim());
const inputs = cases.map((text) => text.split('\n----\n')[0] ?? '');

if (process.env['GOLDEN'] === 'write') writeFileSync(path, inputs.map(run).join(separator.slice(1)));

describe('rollouts', () => {
  it.each(cases.map((text, i) => [text.trim().split('\n')[0], text, inputs[i]!] as const))('%s', (_, text, input) => {
    expect(run(input)).toBe(process.env['GOLDEN'] === 'write' ? run(input) : `${text.trim()}\n`);
  });
});
