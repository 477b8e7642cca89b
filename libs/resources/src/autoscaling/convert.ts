import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerSpecV1,
  HorizontalPodAutoscalerStatus,
  HorizontalPodAutoscalerStatusV1,
  HorizontalPodAutoscalerV1,
  MetricSpec,
  MetricStatus,
} from '@kubephant/schema';
import { readAnnotations, withoutRoundTrip, writeAnnotations, type Beyond } from './annotations';
import { cpuUtilization, defaultCpuUtilization } from './defaults';

/** The one metric that autoscaling/v1 has a field for. */
const isCpu = ({ type, resource }: MetricSpec | MetricStatus): boolean =>
  type === 'Resource' && resource?.name === 'cpu';

const hasField = (metric: MetricSpec): boolean =>
  isCpu(metric) && metric.resource?.target.averageUtilization !== undefined;

const targetOf = (metrics: readonly MetricSpec[] | undefined): number | undefined =>
  metrics?.find(isCpu)?.resource?.target.averageUtilization;

const measuredOf = (metrics: readonly MetricStatus[] | undefined): number | undefined =>
  metrics?.find(isCpu)?.resource?.current.averageUtilization;

function specOf({
  scaleTargetRef,
  minReplicas,
  maxReplicas,
  metrics,
}: HorizontalPodAutoscalerSpec): HorizontalPodAutoscalerSpecV1 {
  const target = targetOf(metrics);
  return {
    scaleTargetRef,
    ...(minReplicas !== undefined && { minReplicas }),
    maxReplicas,
    ...(target !== undefined && { targetCPUUtilizationPercentage: target }),
  };
}

function statusOf(status: HorizontalPodAutoscalerStatus): HorizontalPodAutoscalerStatusV1 {
  const { observedGeneration, lastScaleTime, currentReplicas = 0, desiredReplicas } = status;
  const measured = measuredOf(status.currentMetrics);
  return {
    ...(observedGeneration !== undefined && { observedGeneration }),
    ...(lastScaleTime !== undefined && { lastScaleTime }),
    currentReplicas,
    desiredReplicas,
    ...(measured !== undefined && { currentCPUUtilizationPercentage: measured }),
  };
}

const absentStatus: HorizontalPodAutoscalerStatus = {
  desiredReplicas: 0,
  currentMetrics: null as unknown as MetricStatus[],
};

/** autoscaling/v1 of a stored autoscaler: what it has no fields for goes into annotations. */
export function toV1(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscalerV1 {
  const { spec, status = absentStatus, ...rest } = structuredClone(hpa);
  const shown = { ...rest, apiVersion: 'autoscaling/v1', spec: specOf(spec), status: statusOf(status) };
  withoutRoundTrip(shown);
  const annotations = writeAnnotations({
    metrics: (spec.metrics ?? []).filter((metric) => !hasField(metric)),
    ...(spec.behavior && { behavior: spec.behavior }),
    currentMetrics: status.currentMetrics ?? [],
    conditions: status.conditions ?? [],
  });
  if (Object.keys(annotations).length > 0)
    shown.metadata.annotations = { ...shown.metadata.annotations, ...annotations };
  return shown;
}

/** Metrics of annotations come first, and CPU, which has a field, last; without any, CPU is the metric. */
function metricsOf(target: number | undefined, metrics: readonly MetricSpec[]): MetricSpec[] {
  if (target !== undefined) return [...metrics, cpuUtilization(target)];
  return metrics.length > 0 ? [...metrics] : [cpuUtilization(defaultCpuUtilization)];
}

function newSpec(spec: HorizontalPodAutoscalerSpecV1, { metrics = [], behavior }: Beyond): HorizontalPodAutoscalerSpec {
  const { scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage: target } = spec;
  return {
    scaleTargetRef,
    ...(minReplicas !== undefined && { minReplicas }),
    maxReplicas,
    metrics: metricsOf(target, metrics),
    ...(behavior && { behavior }),
  };
}

function measuredCpu(percentage: number | undefined): MetricStatus[] | null {
  if (percentage === undefined) return null;
  return [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: percentage } } }];
}

function newStatus(status: HorizontalPodAutoscalerStatusV1, beyond: Beyond): HorizontalPodAutoscalerStatus {
  const { observedGeneration, lastScaleTime, currentReplicas, desiredReplicas } = status;
  const measured = beyond.currentMetrics ?? measuredCpu(status.currentCPUUtilizationPercentage);
  return {
    ...(observedGeneration !== undefined && { observedGeneration }),
    ...(lastScaleTime !== undefined && { lastScaleTime }),
    ...(currentReplicas > 0 && { currentReplicas }),
    desiredReplicas,
    currentMetrics: measured as MetricStatus[],
    ...(beyond.conditions && { conditions: [...beyond.conditions] }),
  };
}

/** The stored form of autoscaling/v1, without the defaults of the newer version. */
export function toV2(hpa: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const { spec, status = { currentReplicas: 0, desiredReplicas: 0 }, ...rest } = structuredClone(hpa);
  const beyond = readAnnotations(rest.metadata.annotations);
  const made = {
    ...rest,
    apiVersion: 'autoscaling/v2',
    spec: newSpec(spec, beyond),
    status: newStatus(status, beyond),
  };
  withoutRoundTrip(made);
  return made;
}
