import type { HorizontalPodAutoscaler, HPAScalingRules, MetricSpec } from '@kubephant/schema';
import { withoutRoundTrip } from './annotations';

/** Per cent of what pods request, when nothing is said of metrics. */
export const defaultCpuUtilization = 80;

export const cpuUtilization = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

/** Four pods or twice as many every 15 seconds, whichever is more. */
const scaleUp = (): HPAScalingRules => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
});

/** Down to the minimum at once; how long it waits first is a flag of the controller. */
const scaleDown = (): HPAScalingRules => ({
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
});

export function setDefaults(hpa: HorizontalPodAutoscaler): void {
  withoutRoundTrip(hpa);
  const { spec } = hpa;
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) spec.metrics = [cpuUtilization(defaultCpuUtilization)];
  const { behavior } = spec;
  if (!behavior) return;
  behavior.scaleUp = { ...scaleUp(), ...behavior.scaleUp };
  behavior.scaleDown = { ...scaleDown(), ...behavior.scaleDown };
}
