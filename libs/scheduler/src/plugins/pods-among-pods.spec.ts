import type { LabelSelector, Node, Pod, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from '@kubephant/schema';
import { newCache } from '../framework/cache';
import { decide } from '../framework/cycle';
import { decidingPlugins } from '../plugins';
import { makeNode, makePod } from '../testing';

/** Namespaces `blue` and `red` are of the team of that name. */
const labelsOf = (team: string) => ({ team });

function place(pod: Pod, nodes: readonly Node[], present: readonly Pod[]): string {
  const cache = newCache();
  present.forEach((other) => cache.setPod(other));
  nodes.forEach((node) => cache.setNode(node));
  const decision = decide(decidingPlugins(labelsOf), pod, cache.snapshot(), () => 0);
  return decision.kind === 'fits' ? decision.nodeName : decision.message;
}

const app = (name: string): LabelSelector => ({ matchLabels: { app: name } });
const inZone = (name: string, zone: string): Node => makeNode(name, {}, { labels: { zone } });
const zones = [inZone('a1', 'a'), inZone('a2', 'a'), inZone('b1', 'b')];

/** A pod of app `web`, or of another. */
function pod(spec: Partial<PodSpec> = {}, labels: Record<string, string> = { app: 'web' }, namespace = 'default'): Pod {
  const made = makePod('p', {}, spec);
  return { ...made, metadata: { ...made.metadata, labels, namespace } };
}
const on = (nodeName: string, other = pod()): Pod => ({ ...other, spec: { ...other.spec, nodeName } });
const leaving = (other: Pod): Pod => ({
  ...other,
  metadata: { ...other.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
});

const spread = (change: Partial<TopologySpreadConstraint> = {}): Partial<PodSpec> => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: app('web'), ...change },
  ],
});
const term = (change: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
  topologyKey: 'zone',
  labelSelector: app('web'),
  ...change,
});
const near = (...terms: PodAffinityTerm[]): Partial<PodSpec> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const apart = (...terms: PodAffinityTerm[]): Partial<PodSpec> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const preferring = (kind: 'podAffinity' | 'podAntiAffinity', podAffinityTerm: PodAffinityTerm): Partial<PodSpec> => ({
  affinity: { [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] } },
});

const skewed = "node(s) didn't match pod topology spread constraints";

describe('a pod that spreads goes', () => {
  it.each<[string, Pod, Pod[], string]>([
    ['to the zone with fewer of its kind', pod(spread()), [on('a1')], 'b1'],
    ['anywhere while the difference is allowed', pod(spread({ maxSkew: 2 })), [on('b1')], 'a1'],
    ['past pods that are on their way out', pod(spread()), [on('b1'), leaving(on('a1'))], 'a2'],
    [
      'past pods of other namespaces and other apps',
      pod(spread()),
      [on('b1'), on('a1', pod({}, { app: 'x' })), on('a2', pod({}, { app: 'web' }, 'blue'))],
      'a1',
    ],
    [
      'past pods that differ in the labels that must match',
      pod(spread({ matchLabelKeys: ['rev'] }), { app: 'web', rev: '2' }),
      [on('b1', pod({}, { app: 'web', rev: '2' })), on('a1', pod({}, { app: 'web', rev: '1' }))],
      'a2',
    ],
    ['rather to the emptier zone', pod(spread({ whenUnsatisfiable: 'ScheduleAnyway' })), [on('a1'), on('a2')], 'b1'],
    [
      'into the fuller zone when the emptier one is closed to it',
      pod({ ...spread(), nodeSelector: { 'kubernetes.io/hostname': 'a2' } }),
      [on('a1'), on('a2')],
      'a2',
    ],
    [
      'nowhere when zones count that are closed to it',
      pod({ ...spread({ nodeAffinityPolicy: 'Ignore' }), nodeSelector: { 'kubernetes.io/hostname': 'a2' } }),
      [on('a1'), on('a2')],
      "0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints, 2 node(s) didn't match Pod's node affinity/selector.",
    ],
    [
      'nowhere without the label of the domain',
      pod(spread({ topologyKey: 'rack' })),
      [],
      `0/3 nodes are available: 3 ${skewed} (missing required label).`,
    ],
    [
      'nowhere with fewer domains than it asks for',
      pod(spread({ minDomains: 3 })),
      [on('a1'), on('b1')],
      `0/3 nodes are available: 3 ${skewed}.`,
    ],
  ])('%s', (_title, newcomer, present, expected) => {
    expect(place(newcomer, zones, present)).toBe(expected);
  });
});

describe('a pod with an affinity to others goes', () => {
  it.each<[string, Pod, Pod[], string]>([
    ['where they are', pod(near(term()), {}), [on('b1')], 'b1'],
    ['anywhere as the first of its kind', pod(near(term())), [], 'a1'],
    [
      'nowhere when they are nowhere',
      pod(near(term()), {}),
      [],
      "0/3 nodes are available: 3 node(s) didn't match pod affinity rules.",
    ],
    [
      'nowhere when no one pod is all it wants',
      pod(near(term(), term({ labelSelector: app('db') })), {}),
      [on('a1'), on('a1', pod({}, { app: 'db' }))],
      "0/3 nodes are available: 3 node(s) didn't match pod affinity rules.",
    ],
    ['away from them', pod(apart(term())), [on('a1')], 'b1'],
    [
      'nowhere when they are everywhere',
      pod(apart(term())),
      [on('a1'), on('b1')],
      "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.",
    ],
    [
      'nowhere when they do not want it',
      pod(),
      [on('a1', pod(apart(term()), { app: 'x' })), on('b1', pod(apart(term()), { app: 'x' }))],
      "0/3 nodes are available: 3 node(s) didn't satisfy existing pods anti-affinity rules.",
    ],
    ['past those of other namespaces', pod(apart(term())), [on('a1', pod({}, { app: 'web' }, 'blue')), on('b1')], 'a2'],
    [
      'by namespaces that it names',
      pod(near(term({ namespaces: ['blue'] })), {}),
      [on('b1', pod({}, { app: 'web' }, 'blue')), on('a1')],
      'b1',
    ],
    [
      'by namespaces that it selects',
      pod(near(term({ namespaceSelector: { matchLabels: { team: 'red' } } })), {}),
      [on('b1', pod({}, { app: 'web' }, 'red')), on('a1', pod({}, { app: 'web' }, 'blue'))],
      'b1',
    ],
    ['rather where they are', pod(preferring('podAffinity', term()), {}), [on('b1')], 'b1'],
    ['rather where they are not', pod(preferring('podAntiAffinity', term()), {}), [on('a1')], 'b1'],
    ['rather where it is liked', pod(), [on('b1', pod(preferring('podAffinity', term()), { app: 'x' }))], 'b1'],
  ])('%s', (_title, newcomer, present, expected) => {
    expect(place(newcomer, zones, present)).toBe(expected);
  });
});
