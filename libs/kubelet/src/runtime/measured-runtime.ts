import type { RuntimeService } from '@kubephant/node';
import type { KubeletMetrics } from '../metrics/kubelet-metrics';

/** Upstream's names of operations in metrics, by verb. */
const operations: Partial<Record<keyof RuntimeService, string>> = {
  version: 'version',
  status: 'status',
  runPodSandbox: 'run_podsandbox',
  stopPodSandbox: 'stop_podsandbox',
  removePodSandbox: 'remove_podsandbox',
  podSandboxStatus: 'podsandbox_status',
  listPodSandboxes: 'list_podsandbox',
  createContainer: 'create_container',
  startContainer: 'start_container',
  stopContainer: 'stop_container',
  removeContainer: 'remove_container',
  containerStatus: 'container_status',
  listContainers: 'list_containers',
  execSync: 'exec_sync',
  exec: 'exec',
  attach: 'attach',
  portForward: 'port_forward',
  reopenContainerLog: 'reopen_container_log',
  listContainerStats: 'list_container_stats',
  listSandboxStats: 'list_podsandbox_stats',
};

type Verb = (...args: unknown[]) => Promise<unknown>;

/** The same runtime, with its operations counted and timed. */
export function measured(runtime: RuntimeService, metrics: KubeletMetrics): RuntimeService {
  const wrapped: Record<string, unknown> = {};
  for (const [verb, operation] of Object.entries(operations)) {
    const original = (runtime as object as Record<string, Verb>)[verb];
    if (!original) continue;
    wrapped[verb] = async (...args: unknown[]) => {
      const labels = { operation_type: operation };
      metrics.runtimeOperations.inc(labels);
      const end = metrics.runtimeOperationSeconds.startTimer(labels);
      try {
        return await original.apply(runtime, args);
      } catch (err) {
        metrics.runtimeOperationErrors.inc(labels);
        throw err;
      } finally {
        end();
      }
    };
  }
  return { ...runtime, ...(wrapped as object as RuntimeService) };
}
