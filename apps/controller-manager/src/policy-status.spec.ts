import { startTestServer, until, type TestServer } from '@kubephant/apiserver/testing';
import { newGroup, newMetrics, silent, systemClock, type Group } from '@kubephant/base';
import { newClient } from '@kubephant/client';
import {
  defaultNodeLifecycle,
  defaultPodGc,
  defaultResourceQuota,
  newCredentials,
  runControllers,
} from '@kubephant/controllers';
import { newWorkQueueMetrics } from '@kubephant/informer';
import { newInProcessTransport } from '@kubephant/serving';

// The controller that checks the types of policies, against a real API server and under its own account.

const name = 'validatingadmissionpolicy-status-controller';
const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';

let server: TestServer;
let group: Group;

beforeAll(async () => {
  server = await startTestServer();
  const clientCertificate = { commonName: 'system:kube-controller-manager', organizations: [] };
  const client = newClient(newInProcessTransport(server.handler, { clientCertificate }), { userAgent: 'kcm' });
  const transport = newInProcessTransport(server.handler, {});
  const metrics = newMetrics();
  const deps = {
    client,
    clientFor: newCredentials({ client, transport, clock: systemClock, userAgent: 'kcm' }),
    clock: systemClock,
    log: silent,
    metrics,
    queueMetrics: newWorkQueueMetrics(metrics, systemClock),
  };
  const config = {
    controllers: [name],
    workers: {},
    nodeLifecycle: defaultNodeLifecycle,
    maxEndpointsPerSlice: 100,
    maxMirroredPerSubset: 1000,
    podGc: defaultPodGc,
    resourceQuota: defaultResourceQuota,
  };
  group = newGroup();
  group.go('controllers', (signal) => runControllers(deps, config, signal));
});
afterAll(async () => {
  group.stop();
  await group.wait();
  await server[Symbol.asyncDispose]();
});

const policy = (policyName: string, apiGroup: string, resource: string, expression: string) => ({
  metadata: { name: policyName },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [apiGroup], apiVersions: ['v1'], resources: [resource], operations: ['*'] }],
    },
    validations: [{ expression }],
  },
});

interface Status {
  readonly observedGeneration?: number;
  readonly typeChecking?: object;
}

async function statusOf(policyName: string, generation: number): Promise<Status> {
  const read = async () => (await server.ask(`GET ${path}/${policyName}`)).body as { status?: Status };
  await until(async () => (await read()).status?.observedGeneration === generation);
  return (await read()).status ?? {};
}

it('tells what of a policy does not fit the kinds that it names, until it does', async () => {
  await server.ask(`POST ${path}`, { body: policy('p', 'apps', 'deployments', 'object.replicas > 1') });
  expect(await statusOf('p', 1)).toEqual({
    observedGeneration: 1,
    typeChecking: {
      expressionWarnings: [
        {
          fieldRef: 'spec.validations[0].expression',
          warning:
            "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^\n",
        },
      ],
    },
  });
  const { body } = await server.ask(`GET ${path}/p`);
  const { spec } = policy('p', 'apps', 'deployments', 'object.spec.replicas > 1');
  await server.ask(`PUT ${path}/p`, { body: { ...body, spec } });
  expect(await statusOf('p', 2)).toEqual({ observedGeneration: 2, typeChecking: {} });
});

it('knows custom resources, and all of their metadata', async () => {
  const properties = { spec: { type: 'object', properties: { size: { type: 'integer' } } } };
  await server.ask('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: {
      metadata: { name: 'gears.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'gears', singular: 'gear', kind: 'Gear', listKind: 'GearList' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties } } },
        ],
      },
    },
  });
  const expression = "object.spec.size == 'large' && object.metadata.labels['a'] == 'b'";
  await until(async () => {
    await server.ask(`DELETE ${path}/q`);
    await server.ask(`POST ${path}`, { body: policy('q', 'example.com', 'gears', expression) });
    return JSON.stringify(await statusOf('q', 1)).includes(
      "example.com/v1, Kind=Gear: ERROR: <input>:1:18: found no matching overload for '_==_' applied to '(int, string)'",
    );
  });
});
