import { namespaces, services, type ResourceRef } from '@kubephant/client';
import type { IPAddress } from '@kubephant/schema';
import { newMemoryStore } from '@kubephant/storage';
import { table } from '@kubephant/resources';
import { resourceFields } from '../registry';
import { startTestServer } from '../testing/server';
import { flowSchemas, priorityClasses, priorityLevelConfigurations, serviceCidrs } from './refs';

const { signal } = new AbortController();

const ipAddresses = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'ipaddresses',
  kind: 'IPAddress',
  namespaced: false,
  _object: undefined as unknown as IPAddress,
};

describe('a new cluster', () => {
  it('has its range of service addresses as an object', async () => {
    await using server = await startTestServer();
    const cidr = await server.client.resource(serviceCidrs).get({ name: 'kubernetes' }, signal);
    expect(cidr.metadata.finalizers).toEqual(['networking.k8s.io/service-cidr-finalizer']);
    expect(cidr.spec).toEqual({ cidrs: ['10.96.0.0/16'] });
    expect(cidr.status).toEqual({
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          lastTransitionTime: expect.stringMatching(/Z$/) as string,
          reason: '',
          message: 'Kubernetes Service CIDR is ready',
        },
      ],
    });
  });

  it('has an object for each service address, that of its own service included', async () => {
    await using server = await startTestServer();
    const { items } = await server.client.resource(ipAddresses).list({}, signal);
    expect(items.map(({ metadata: { name, labels }, spec }) => ({ name, labels, spec }))).toEqual([
      {
        name: '10.96.0.1',
        labels: {
          'ipaddress.kubernetes.io/ip-family': 'IPv4',
          'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
        },
        spec: { parentRef: { resource: 'services', namespace: 'default', name: 'kubernetes' } },
      },
    ]);
  });

  it('is made once by servers that start at the same time', async () => {
    const store = newMemoryStore({ resources: resourceFields(table) });
    const starting = await Promise.all([1, 2, 3].map(() => startTestServer({ deps: { store } })));
    const [{ client }] = starting as [(typeof starting)[number]];
    const refs = [namespaces, services, flowSchemas, priorityClasses, priorityLevelConfigurations, serviceCidrs];
    const counts = await Promise.all(
      refs.map(async (ref) => (await client.resource(ref as ResourceRef).list({}, signal)).items.length),
    );
    expect(counts).toEqual([4, 1, 11, 2, 8, 1]);
    for (const server of starting) await server[Symbol.asyncDispose]();
  });
});
