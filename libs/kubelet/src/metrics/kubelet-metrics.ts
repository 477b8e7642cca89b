import type { Metrics } from '@kubephant/base';
import { nodeMetrics } from './node-metrics';
import { plegMetrics } from './pleg-metrics';
import { podMetrics } from './pod-metrics';
import { probeMetrics } from './probe-metrics';
import { runtimeMetrics } from './runtime-metrics';
import { startMetrics } from './start-metrics';
import { volumeMetrics } from './volume-metrics';

/** The kubelet's own metrics, under upstream's names. */
export interface KubeletMetrics
  extends
    ReturnType<typeof nodeMetrics>,
    ReturnType<typeof podMetrics>,
    ReturnType<typeof startMetrics>,
    ReturnType<typeof plegMetrics>,
    ReturnType<typeof runtimeMetrics>,
    ReturnType<typeof volumeMetrics>,
    ReturnType<typeof probeMetrics> {}

/** Those of probes, which have a series for each container, are on a page of their own: `probePage`. */
export function newKubeletMetrics(page: Metrics, probePage: Metrics): KubeletMetrics {
  return {
    ...nodeMetrics(page),
    ...podMetrics(page),
    ...startMetrics(page),
    ...plegMetrics(page),
    ...runtimeMetrics(page),
    ...volumeMetrics(page),
    ...probeMetrics(probePage),
  };
}
