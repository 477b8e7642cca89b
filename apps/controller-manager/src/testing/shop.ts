import { setTimeout as pause } from 'node:timers/promises';
import { startTestServer, type TestServer } from '@kubephant/apiserver/testing';
import { is, type Draft, type KubeObject } from '@kubephant/api';
import { newGroup, newMetrics, silent, systemClock, type Group } from '@kubephant/base';
import { namespaces, newClient, pods, type Client, type ResourceRef, type Transport } from '@kubephant/client';
import {
  defaultNodeLifecycle,
  defaultPodGc,
  defaultResourceQuota,
  newCredentials,
  parsePools,
  runControllers,
  type ControllersConfig,
} from '@kubephant/controllers';
import { newWorkQueueMetrics } from '@kubephant/informer';
import type { Deployment } from '@kubephant/schema';
import { newInProcessTransport } from '@kubephant/serving';

const { signal } = new AbortController();
const config: ControllersConfig = {
  controllers: ['*'],
  workers: {},
  rootCa: 'PEM',
  pools: parsePools('10.244.0.0/16'),
  nodeLifecycle: defaultNodeLifecycle,
  maxEndpointsPerSlice: 100,
  maxMirroredPerSubset: 1000,
  podGc: defaultPodGc,
  resourceQuota: defaultResourceQuota,
};

/** A namespace of an API server in memory where every controller is at work, under its own account and upstream's role of it. */
export interface Shop {
  readonly admin: Client;
  /** What the controllers were not allowed: each must get along with its role. */
  readonly refused: string[];
  /** In the namespace, where there is one. */
  readonly all: <T extends KubeObject>(ref: ResourceRef<T>) => Promise<readonly T[]>;
  /** Says of every pod that is not being deleted what a kubelet would. */
  readonly makeReady: () => Promise<void>;
}

export const namespace = 'shop';

export const deployment: Draft<Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name: 'web' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
};

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

const watched = (transport: Transport, refused: string[]): Transport => ({
  async send(request) {
    const response = await transport.send(request);
    if (response.status === 401 || response.status === 403) {
      refused.push(`${response.status} ${request.method} ${request.path} ${request.headers?.['user-agent'] ?? ''}`);
    }
    return response;
  },
});

/** Runs the controllers for the tests of a file. */
export function withControllers(): Shop {
  let server: TestServer;
  let group: Group;
  const refused: string[] = [];
  beforeAll(async () => {
    server = await startTestServer();
    group = newGroup();
    group.go('controllers', (s) => runControllers(depsAt(server, refused), config, s));
    const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace }, spec: {} } as const;
    await server.client.resource(namespaces).create(shop, signal);
  });
  afterAll(async () => {
    group.stop();
    await group.wait();
    await server[Symbol.asyncDispose]();
  });
  const all: Shop['all'] = async (ref) =>
    (await server.client.resource(ref).list(ref.namespaced ? { namespace } : {}, signal)).items;
  return {
    get admin() {
      return server.client;
    },
    refused,
    all,
    makeReady: async () => {
      for (const [i, { metadata }] of (await all(pods)).entries()) {
        if (!metadata.deletionTimestamp) await report(server.client, metadata.name, `10.244.0.${i + 2}`);
      }
    },
  };
}

function depsAt({ handler }: TestServer, refused: string[]): Parameters<typeof runControllers>[0] {
  const clientCertificate = { commonName: 'system:kube-controller-manager', organizations: [] };
  const transport = watched(newInProcessTransport(handler, { clientCertificate }), refused);
  const client = newClient(transport, { userAgent: 'kcm' });
  const anonymous = watched(newInProcessTransport(handler, {}), refused);
  const metrics = newMetrics();
  return {
    client,
    clientFor: newCredentials({ client, transport: anonymous, clock: systemClock, userAgent: 'kcm' }),
    clock: systemClock,
    log: silent,
    metrics,
    queueMetrics: newWorkQueueMetrics(metrics, systemClock),
  };
}

async function report(admin: Client, name: string, podIP: string): Promise<void> {
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }];
  const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions };
  try {
    const patch = { type: 'merge', body: { status } } as const;
    await admin.resource(pods).patch({ namespace, name }, patch, signal, { subresource: 'status' });
  } catch (err) {
    // It was replaced meanwhile.
    if (!is('NotFound', err)) throw err;
  }
}
