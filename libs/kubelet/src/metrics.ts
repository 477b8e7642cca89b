import { exponentialBuckets, type Counter, type Gauge, type Histogram, type Metrics } from '@kubephant/base';

/** The kubelet's own metrics, under upstream's names. */
export interface KubeletMetrics {
  readonly nodeName: Gauge<'node'>;
  readonly runningPods: Gauge;
  readonly runningContainers: Gauge<'container_state'>;
  readonly desiredPods: Gauge<'static'>;
  readonly activePods: Gauge<'static'>;
  readonly runtimeOperations: Counter<'operation_type'>;
  readonly runtimeOperationErrors: Counter<'operation_type'>;
  readonly runtimeOperationSeconds: Histogram<'operation_type'>;
  readonly plegRelistSeconds: Histogram;
  readonly plegRelistIntervalSeconds: Histogram;
  readonly plegLastSeenSeconds: Gauge;
  readonly podStartSeconds: Histogram;
  readonly podStartSliSeconds: Histogram;
  readonly podWorkerSeconds: Histogram<'operation_type'>;
  readonly podWorkerStartSeconds: Histogram;
  readonly podStatusSyncSeconds: Histogram;
  readonly runPodSandboxSeconds: Histogram<'runtime_handler'>;
  readonly runPodSandboxErrors: Counter<'runtime_handler'>;
  readonly startedPods: Counter;
  readonly startedPodErrors: Counter;
  readonly startedContainers: Counter<'container_type'>;
  readonly startedContainerErrors: Counter<'container_type' | 'code'>;
  readonly imagePullSeconds: Histogram<'image_size_in_bytes'>;
  readonly admissionRejections: Counter<'reason'>;
  readonly orphanedRuntimePods: Counter;
  readonly httpRequests: Counter<'method' | 'path' | 'server_type' | 'long_running'>;
  readonly probes: Counter<'probe_type' | 'result' | 'container' | 'pod' | 'namespace' | 'pod_uid'>;
}

const usual = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const podStart = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
];

export function newKubeletMetrics(metrics: Metrics): KubeletMetrics {
  const operations = exponentialBuckets(0.005, 2.5, 14);
  return {
    ...podMetrics(metrics),
    nodeName: metrics.gauge('kubelet_node_name', "The node's name. The count is always 1.", ['node']),
    runtimeOperations: metrics.counter(
      'kubelet_runtime_operations_total',
      'Cumulative number of runtime operations by operation type.',
      ['operation_type'],
    ),
    runtimeOperationErrors: metrics.counter(
      'kubelet_runtime_operations_errors_total',
      'Cumulative number of runtime operation errors by operation type.',
      ['operation_type'],
    ),
    runtimeOperationSeconds: metrics.histogram(
      'kubelet_runtime_operations_duration_seconds',
      'Duration in seconds of runtime operations. Broken down by operation type.',
      operations,
      ['operation_type'],
    ),
    plegRelistSeconds: metrics.histogram(
      'kubelet_pleg_relist_duration_seconds',
      'Duration in seconds for relisting pods in PLEG.',
      usual,
    ),
    plegRelistIntervalSeconds: metrics.histogram(
      'kubelet_pleg_relist_interval_seconds',
      'Interval in seconds between relisting in PLEG.',
      usual,
    ),
    plegLastSeenSeconds: metrics.gauge(
      'kubelet_pleg_last_seen_seconds',
      'Timestamp in seconds when PLEG was last seen active.',
    ),
    admissionRejections: metrics.counter(
      'kubelet_admission_rejections_total',
      'Cumulative number pod admission rejections by the Kubelet.',
      ['reason'],
    ),
    orphanedRuntimePods: metrics.counter(
      'kubelet_orphaned_runtime_pods_total',
      'Number of pods that have been detected in the container runtime without being already known to the pod worker.',
    ),
    httpRequests: metrics.counter(
      'kubelet_http_requests_total',
      'Number of the http requests received since the server started',
      ['method', 'path', 'server_type', 'long_running'],
    ),
    probes: metrics.counter(
      'prober_probe_total',
      'Cumulative number of a liveness, readiness or startup probe for a container by result.',
      ['probe_type', 'result', 'container', 'pod', 'namespace', 'pod_uid'],
    ),
  };
}

type PodMetrics = Omit<
  KubeletMetrics,
  | 'nodeName'
  | 'runtimeOperations'
  | 'runtimeOperationErrors'
  | 'runtimeOperationSeconds'
  | 'plegRelistSeconds'
  | 'plegRelistIntervalSeconds'
  | 'plegLastSeenSeconds'
  | 'admissionRejections'
  | 'orphanedRuntimePods'
  | 'httpRequests'
  | 'probes'
>;

function podMetrics(metrics: Metrics): PodMetrics {
  return {
    runningPods: metrics.gauge('kubelet_running_pods', 'Number of pods that have a running pod sandbox'),
    runningContainers: metrics.gauge('kubelet_running_containers', 'Number of containers currently running', [
      'container_state',
    ]),
    desiredPods: metrics.gauge('kubelet_desired_pods', 'The number of pods the kubelet is being instructed to run.', [
      'static',
    ]),
    activePods: metrics.gauge('kubelet_active_pods', 'The number of pods the kubelet considers active.', ['static']),
    podStartSeconds: metrics.histogram(
      'kubelet_pod_start_duration_seconds',
      'Duration in seconds from kubelet seeing a pod for the first time to the pod starting to run',
      podStart,
    ),
    podStartSliSeconds: metrics.histogram(
      'kubelet_pod_start_sli_duration_seconds',
      'Duration in seconds to start a pod, excluding time to pull images and run init containers.',
      podStart,
    ),
    ...workerMetrics(metrics),
    startedPods: metrics.counter('kubelet_started_pods_total', 'Cumulative number of pods started'),
    startedPodErrors: metrics.counter(
      'kubelet_started_pods_errors_total',
      'Cumulative number of errors when starting pods',
    ),
    startedContainers: metrics.counter('kubelet_started_containers_total', 'Cumulative number of containers started', [
      'container_type',
    ]),
    startedContainerErrors: metrics.counter(
      'kubelet_started_containers_errors_total',
      'Cumulative number of errors when starting containers',
      ['container_type', 'code'],
    ),
    imagePullSeconds: metrics.histogram(
      'kubelet_image_pull_duration_seconds',
      'Duration in seconds to pull an image.',
      [1, 5, 10, 20, 30, 60, 180, 300, 600, 900, 1200, 1800, 2700, 3600],
      ['image_size_in_bytes'],
    ),
  };
}

type WorkerMetrics = Pick<
  KubeletMetrics,
  'podWorkerSeconds' | 'podWorkerStartSeconds' | 'podStatusSyncSeconds' | 'runPodSandboxSeconds' | 'runPodSandboxErrors'
>;

function workerMetrics(metrics: Metrics): WorkerMetrics {
  return {
    podWorkerSeconds: metrics.histogram(
      'kubelet_pod_worker_duration_seconds',
      'Duration in seconds to sync a single pod. Broken down by operation type: create, update, or sync',
      usual,
      ['operation_type'],
    ),
    podWorkerStartSeconds: metrics.histogram(
      'kubelet_pod_worker_start_duration_seconds',
      'Duration in seconds from kubelet seeing a pod to starting a worker.',
      usual,
    ),
    podStatusSyncSeconds: metrics.histogram(
      'kubelet_pod_status_sync_duration_seconds',
      'Duration in seconds to sync a pod status update.',
      usual,
    ),
    runPodSandboxSeconds: metrics.histogram(
      'kubelet_run_podsandbox_duration_seconds',
      'Duration in seconds of the run_podsandbox operations. Broken down by RuntimeClass.Handler.',
      usual,
      ['runtime_handler'],
    ),
    runPodSandboxErrors: metrics.counter(
      'kubelet_run_podsandbox_errors_total',
      'Cumulative number of the run_podsandbox operation errors by RuntimeClass.Handler.',
      ['runtime_handler'],
    ),
  };
}
