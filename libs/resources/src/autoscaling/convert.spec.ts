import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerV1, MetricSpec } from '@kubephant/schema';
import { changedObject, newObject } from '../testing';
import { toV1, toV2 } from './convert';
import { horizontalPodAutoscalersV1 } from './horizontalpodautoscalers-v1';

interface Case {
  readonly name: string;
  readonly v2: HorizontalPodAutoscaler;
  readonly v1: HorizontalPodAutoscalerV1;
}

/** Each line is one autoscaler as upstream shows it through both versions. */
const cases = readFileSync(join(__dirname, '..', 'testdata', 'autoscalers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** The field for CPU has no place among the metrics: they come back with CPU last, and a second one is lost. */
function asReturned(metrics: readonly MetricSpec[] = []): readonly MetricSpec[] {
  const [first] = metrics.filter((metric) => isCpuShare(metric));
  return [...metrics.filter((metric) => !isCpuShare(metric)), ...(first ? [first] : [])];
}

const isCpuShare = ({ resource }: MetricSpec): boolean =>
  resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

describe('an autoscaler', () => {
  it.each(cases.map((one) => [one.name, one] as const))(
    '%s, is shown as autoscaling/v1 as upstream does',
    (_, { v1, v2 }) => {
      expect(toV1(v2)).toEqual(v1);
    },
  );

  it.each(cases.map((one) => [one.name, one] as const))('%s, comes back from autoscaling/v1', (_, { v1, v2 }) => {
    expect(toV2(v1)).toEqual({ ...v2, spec: { ...v2.spec, metrics: asReturned(v2.spec.metrics) } });
  });

  it('of autoscaling/v1 ignores annotations that make no sense', () => {
    const { v1 } = cases[0]!;
    const prefix = 'autoscaling.alpha.kubernetes.io';
    const annotations = {
      keep: 'me',
      [`${prefix}/metrics`]: '{',
      [`${prefix}/behavior`]: '{"ScaleDown":7}',
      [`${prefix}/conditions`]: '[7]',
      [`${prefix}/current-metrics`]: '[7]',
    };
    const { metadata, spec, status } = toV2({ ...v1, metadata: { ...v1.metadata, annotations } });
    expect({ metadata, spec, status }).toEqual({
      metadata: { ...v1.metadata, annotations: { keep: 'me' } },
      spec: toV2(v1).spec,
      status: toV2(v1).status,
    });
  });
});

const measured = cases.find(({ name }) => name.startsWith('measured'))!.v1;
const draft = measured as unknown as Record<string, unknown>;

describe('autoscaling/v1', () => {
  it('takes no status from who creates, not even through annotations', () => {
    const created = toV2(newObject(horizontalPodAutoscalersV1, draft) as HorizontalPodAutoscalerV1);
    expect(created.status).toEqual({ desiredReplicas: 0, currentMetrics: null });
    expect(created.spec).toEqual(toV2(measured).spec);
  });

  it('keeps the status when the rest is updated without its annotations', () => {
    const stored = structuredClone(measured);
    const changed = { ...draft, metadata: { ...measured.metadata, annotations: {} } };
    const updated = toV2(changedObject(horizontalPodAutoscalersV1, stored, changed) as HorizontalPodAutoscalerV1);
    expect(updated.status).toEqual(toV2(measured).status);
    expect(updated.spec.metrics).toHaveLength(1);
  });

  it('keeps the rest when the status is updated without its annotations', () => {
    const { status } = horizontalPodAutoscalersV1.subresources!;
    const obj = structuredClone({ ...measured, metadata: { ...measured.metadata, annotations: {} } });
    const { strategy } = status as { strategy: { prepareForUpdate(now: object, old: object, context: object): void } };
    strategy.prepareForUpdate(obj, measured, { now: new Date(0), user: 'tester' });
    expect(toV2(obj).spec).toEqual(toV2(measured).spec);
  });
});
