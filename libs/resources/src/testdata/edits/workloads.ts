import { forbidden, invalid, required, unsupported, type Edits } from './edit';

const replicas = ['/spec/replicas = 3'];
const otherSelector = ['/spec/selector/matchLabels/app = "x"', '/spec/template/metadata/labels = {"app":"x"}'] as const;

export const workloads: Readonly<Record<string, Edits>> = {
  'io.k8s.api.apps.v1.ControllerRevision': {
    change: ['/revision = 2'],
    invalid: [
      [invalid('revision'), '/revision = -1'],
      [required('data'), '- /data'],
    ],
    forbidden: [invalid('data'), '/data = {"spec":{"a":1}}'],
  },
  'io.k8s.api.apps.v1.DaemonSet': {
    change: ['/spec/minReadySeconds = 5'],
    invalid: [
      [invalid('spec.template.metadata.labels'), '- /spec/selector'],
      [unsupported('spec.template.spec.restartPolicy'), '/spec/template/spec/restartPolicy = "Never"'],
    ],
    forbidden: [invalid('spec.selector'), ...otherSelector],
    status: ['/status/numberReady = 1'],
  },
  'io.k8s.api.apps.v1.Deployment': {
    change: replicas,
    invalid: [
      [invalid('spec.replicas'), '/spec/replicas = -1'],
      [invalid('spec.template.metadata.labels'), '/spec/selector/matchLabels/app = "x"'],
      [forbidden('spec.strategy.rollingUpdate'), '/spec/strategy = {"type":"Recreate","rollingUpdate":{"maxSurge":1}}'],
    ],
    forbidden: [invalid('spec.selector'), ...otherSelector],
    status: ['/status/replicas = 1'],
  },
  'io.k8s.api.apps.v1.ReplicaSet': {
    change: replicas,
    invalid: [
      [invalid('spec.minReadySeconds'), '/spec/minReadySeconds = -1'],
      [required('spec.template.spec.containers'), '/spec/template/spec/containers = []'],
    ],
    forbidden: [invalid('spec.selector'), ...otherSelector],
    status: ['/status/replicas = 1'],
  },
  'io.k8s.api.apps.v1.StatefulSet': {
    change: replicas,
    invalid: [
      [invalid('spec.podManagementPolicy'), '/spec/podManagementPolicy = "Wild"'],
      [invalid('spec.ordinals.start'), '/spec/ordinals = {"start":-1}'],
    ],
    forbidden: [forbidden('spec'), '/spec/serviceName = "other"'],
    status: ['/status/replicas = 1'],
  },
  'io.k8s.api.batch.v1.CronJob': {
    change: ['/spec/suspend = true'],
    invalid: [
      [invalid('spec.schedule'), '/spec/schedule = "now"'],
      [unsupported('spec.concurrencyPolicy'), '/spec/concurrencyPolicy = "Twice"'],
    ],
    forbidden: [invalid('spec.schedule'), '/spec/schedule = "TZ=UTC 0 3 * * *"'],
    status: ['/status/lastScheduleTime = "2026-01-01T00:00:00Z"'],
  },
  'io.k8s.api.batch.v1.Job': {
    change: ['/spec/parallelism = 2'],
    invalid: [
      [invalid('spec.backoffLimit'), '/spec/backoffLimit = -1'],
      [required('spec.template.spec.restartPolicy'), '- /spec/template/spec/restartPolicy'],
    ],
    forbidden: [invalid('spec.completionMode'), '/spec/completionMode = "Indexed"'],
    status: ['/status/active = 1'],
  },
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler': {
    change: ['/spec/maxReplicas = 4'],
    invalid: [
      [required('spec.scaleTargetRef.kind'), '- /spec/scaleTargetRef/kind'],
      [invalid('spec.maxReplicas'), '/spec/maxReplicas = 0'],
    ],
    forbidden: [invalid('spec.maxReplicas'), '/spec/minReplicas = 9'],
    status: ['/status/currentReplicas = 2'],
  },
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler': {
    change: ['/spec/maxReplicas = 4'],
    invalid: [
      [required('spec.metrics[0].type'), '/spec/metrics = [{}]'],
      [invalid('spec.minReplicas'), '/spec/minReplicas = 0'],
    ],
    forbidden: [invalid('spec.maxReplicas'), '/spec/minReplicas = 9'],
    status: ['/status/currentReplicas = 2'],
  },
  'io.k8s.api.policy.v1.PodDisruptionBudget': {
    change: ['/spec/minAvailable = 2'],
    invalid: [
      [invalid('spec.minAvailable'), '/spec/minAvailable = -1'],
      [invalid('spec.minAvailable'), '/spec/minAvailable = "150%"'],
    ],
    forbidden: [invalid('spec'), '/spec/maxUnavailable = 1'],
    status: ['/status/currentHealthy = 1'],
  },
  'io.k8s.api.scheduling.v1.PriorityClass': {
    change: ['/description = "first"'],
    invalid: [
      [forbidden('value'), '/value = 2000000000'],
      [unsupported('preemptionPolicy'), '/preemptionPolicy = "Always"'],
    ],
    forbidden: [forbidden('value'), '/value = 1001'],
  },
};
