/** Objects as people write them: defaults and whatever the server fills in are not there. */

const labels = { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/component': 'web' };

const probe = (path: string, periodSeconds: number): object => ({
  httpGet: { path, port: 'http' },
  periodSeconds,
  failureThreshold: 3,
});

/** A Pod's specification; with its metadata about 1.5 KB. */
const podSpec = (version: string): object => ({
  containers: [
    {
      name: 'web',
      image: `registry.example.com/shop/web:${version}`,
      args: ['--listen=:8080', '--log-format=json'],
      ports: [
        { name: 'http', containerPort: 8080, protocol: 'TCP' },
        { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
      ],
      env: [
        { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'DATABASE_HOST', value: 'postgres.shop.svc' },
        { name: 'DATABASE_PASSWORD', valueFrom: { secretKeyRef: { name: 'shop-database', key: 'password' } } },
      ],
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
      readinessProbe: probe('/ready', 5),
      livenessProbe: probe('/live', 10),
      securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      volumeMounts: [
        { name: 'config', mountPath: '/etc/shop', readOnly: true },
        { name: 'cache', mountPath: '/var/cache/shop' },
      ],
    },
  ],
  volumes: [
    { name: 'config', configMap: { name: 'shop-config' } },
    { name: 'cache', emptyDir: { sizeLimit: '1Gi' } },
  ],
  terminationGracePeriodSeconds: 30,
});

export const pod = (name: string, version = 'v1'): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' } },
  spec: podSpec(version),
});

export const deployment = (name: string, version = 'v1'): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: { metadata: { labels }, spec: podSpec(version) },
  },
});

/** What a kubelet reports of a pod that it runs. */
export const podStatus = (i: number): object => ({
  phase: 'Running',
  podIP: `10.244.0.${1 + (i % 250)}`,
  conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: i % 2 === 0 ? 'True' : 'False',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  })),
});
