import { newMemoryStore } from '@kubephant/storage';
import { newRig, type Rig } from '../testing/rig';
import { allocationResources, newPools, serviceAllocation } from './allocation';
import { firstAddress } from './ranges';
import { repairAllocations } from './repair';

const services = '/api/v1/namespaces/default/services';
const numbers = { clusterIPRange: '10.96.0.0/28', nodePorts: { first: 30_000, last: 30_007 } };

function newServicesRig(): Rig {
  const bare = newRig();
  const pools = newPools(bare.store, numbers);
  return newRig({
    store: bare.store,
    clock: bare.clock,
    allocations: new Map([['services', serviceAllocation(pools, bare.clock)]]),
  });
}

const service = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});

async function held({ store }: Rig): Promise<readonly string[]> {
  const lists = await Promise.all(allocationResources.map((resource) => store.list({ resource })));
  return lists.flatMap(({ items }) => items.map(({ key }) => key.name));
}

describe('cluster addresses', () => {
  it('are given from the range, each once, until it is full', async () => {
    const rig = newServicesRig();
    const names = Array.from({ length: 14 }, (_, index) => `s${index}`);
    const answers = await Promise.all(names.map((name) => rig.ask(`POST ${services}`, { body: service(name) })));
    const addresses = answers.map(({ body }) => body.spec.clusterIP as string);
    expect(new Set(addresses).size).toBe(14);
    expect([...addresses].every((address) => /^10\.96\.0\.([1-9]|1[0-4])$/.test(address))).toBe(true);
    expect((await rig.ask(`POST ${services}`, { body: service('more') })).body).toMatchObject({
      code: 500,
      message: 'Internal error occurred: failed to allocate a serviceIP: range is full',
    });
    await rig.ask(`DELETE ${services}/s3`);
    const again = await rig.ask(`POST ${services}`, { body: service('more') });
    expect(again.body.spec.clusterIPs).toEqual([addresses[3]]);
  });

  it('can be asked for, but not twice and not outside of the range', async () => {
    const rig = newServicesRig();
    expect(firstAddress(numbers.clusterIPRange)).toBe('10.96.0.1');
    const first = await rig.ask(`POST ${services}`, { body: service('a', { clusterIP: '10.96.0.1' }) });
    expect(first.body.spec).toMatchObject({ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] });
    const second = await rig.ask(`POST ${services}`, { body: service('b', { clusterIP: '10.96.0.1' }) });
    expect(second.body).toMatchObject({
      code: 422,
      message:
        'Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
    });
    const outside = await rig.ask(`POST ${services}`, { body: service('b', { clusterIP: '10.96.0.15' }) });
    expect(outside.body.message).toContain(
      'the provided IP (10.96.0.15) is not in the valid range. The range of valid IPs is 10.96.0.0/28',
    );
    const elsewhere = await rig.ask(`POST ${services}`, { body: service('b', { clusterIP: '10.0.0.15' }) });
    expect(elsewhere.body.message).toContain(
      'failed to allocate IP 10.0.0.15: the provided network does not match the current range',
    );
    expect(await held(rig)).toEqual(['10.96.0.1']);
  });

  it('may not change, not even to what nobody could have', async () => {
    const rig = newServicesRig();
    await rig.ask(`POST ${services}`, { body: service('a', { clusterIP: '10.96.0.1' }) });
    const changed = { clusterIP: '10.0.0.99', clusterIPs: ['10.0.0.99'] };
    const { body } = await rig.ask(`PUT ${services}/a`, { body: service('a', changed) });
    expect(body.message).toBe(
      'Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.0.99"]: may not change once set',
    );
    expect(await held(rig)).toEqual(['10.96.0.1']);
  });

  it.each([
    ['a headless service', { clusterIP: 'None', selector: { a: 'b' } }],
    ['an external name', { type: 'ExternalName', externalName: 'example.com' }],
  ])('are not given to %s', async (_, spec) => {
    const rig = newServicesRig();
    expect((await rig.ask(`POST ${services}`, { body: service('a', spec) })).status).toBe(201);
    expect(await held(rig)).toEqual([]);
  });

  it('stay with a service through updates, and go back when it no longer needs one', async () => {
    const rig = newServicesRig();
    const created = await rig.ask(`POST ${services}`, { body: service('a') });
    const { clusterIP } = created.body.spec as { clusterIP: string };
    const same = await rig.ask(`PUT ${services}/a`, { body: service('a', { ports: [{ port: 81 }] }) });
    expect(same.body.spec.clusterIP).toBe(clusterIP);
    expect(await held(rig)).toEqual([clusterIP]);
    const external = { type: 'ExternalName', externalName: 'example.com', ports: [] };
    expect((await rig.ask(`PUT ${services}/a`, { body: service('a', external) })).status).toBe(200);
    expect(await held(rig)).toEqual([]);
  });

  it('are kept while finalizers hold the service, and go back with it', async () => {
    const rig = newServicesRig();
    const body = { ...service('a'), metadata: { name: 'a', finalizers: ['example.com/hold'] } };
    const created = await rig.ask(`POST ${services}`, { body });
    await rig.ask(`DELETE ${services}/a`);
    expect(await held(rig)).toEqual([created.body.spec.clusterIP]);
    const headers = { 'content-type': 'application/merge-patch+json' };
    await rig.ask(`PATCH ${services}/a`, { headers, body: { metadata: { finalizers: null } } });
    expect(await held(rig)).toEqual([]);
  });
});

describe('several servers on one store', () => {
  it('never give one number to two services', async () => {
    const one = newServicesRig();
    const pools = newPools(one.store, numbers);
    const two = newRig({
      store: one.store,
      clock: one.clock,
      allocations: new Map([['services', serviceAllocation(pools, one.clock)]]),
    });
    const ask = (index: number) =>
      (index % 2 ? one : two).ask(`POST ${services}`, { body: service(`s${index}`, { type: 'NodePort' }) });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => ask(index)));
    const specs = answers.map(({ body }) => body.spec as { clusterIP: string; ports: { nodePort: number }[] });
    expect(new Set(specs.map(({ clusterIP }) => clusterIP)).size).toBe(8);
    expect(new Set(specs.map(({ ports }) => ports[0]?.nodePort)).size).toBe(8);
  });
});

describe('node ports', () => {
  it('are given from the range, one for all protocols of a port', async () => {
    const rig = newServicesRig();
    const ports = [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53 },
      { name: 'http', port: 80 },
    ];
    const { body } = await rig.ask(`POST ${services}`, { body: service('a', { type: 'NodePort', ports }) });
    const [udp, tcp, http] = (body.spec.ports as { nodePort: number }[]).map(({ nodePort }) => nodePort);
    expect(udp).toBe(tcp);
    expect(http).not.toBe(tcp);
    expect([tcp, http].every((port) => port !== undefined && port >= 30_000 && port <= 30_007)).toBe(true);
  });

  it.each([
    [30_001, 'provided port is already allocated'],
    [29_999, 'provided port is not in the valid range. The range of valid ports is 30000-30007'],
  ])('%d is refused: %s', async (nodePort, why) => {
    const rig = newServicesRig();
    await rig.ask(`POST ${services}`, {
      body: service('a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] }),
    });
    const spec = { type: 'NodePort', ports: [{ port: 80, nodePort }] };
    const { body } = await rig.ask(`POST ${services}`, { body: service('b', spec) });
    expect(body.message).toBe(`Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: ${why}`);
    expect(await held(rig)).toHaveLength(2);
  });

  it('is refused to the second port of a service that asks for it twice', async () => {
    const rig = newServicesRig();
    const ports = [
      { name: 'a', port: 80, nodePort: 30_001 },
      { name: 'b', port: 81, nodePort: 30_001, protocol: 'UDP' },
    ];
    const { body } = await rig.ask(`POST ${services}`, { body: service('a', { type: 'NodePort', ports }) });
    expect(body.message).toBe(
      'Service "a" is invalid: spec.ports[1].nodePort: Invalid value: 30001: provided port is already allocated',
    );
    expect(await held(rig)).toEqual([]);
  });

  it('is given for health checks, once', async () => {
    const rig = newServicesRig();
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
    const { body } = await rig.ask(`POST ${services}`, { body: service('a', spec) });
    const { healthCheckNodePort } = body.spec as { healthCheckNodePort: number };
    expect(healthCheckNodePort).toBeGreaterThanOrEqual(30_000);
    expect(await held(rig)).toHaveLength(3);
    const same = await rig.ask(`PUT ${services}/a`, { body: service('a', { ...spec, healthCheckNodePort: 0 }) });
    expect(same.body.spec.healthCheckNodePort).toBe(healthCheckNodePort);
    const other = await rig.ask(`PUT ${services}/a`, { body: service('a', { ...spec, healthCheckNodePort: 30_007 }) });
    expect(other.body.message).toBe('Service "a" is invalid: spec.healthCheckNodePort: Forbidden: field is immutable');
    expect(await held(rig)).toHaveLength(3);
  });

  it('go back when the type changes', async () => {
    const rig = newServicesRig();
    const created = await rig.ask(`POST ${services}`, { body: service('a', { type: 'NodePort' }) });
    expect(await held(rig)).toHaveLength(2);
    await rig.ask(`PUT ${services}/a`, { body: service('a') });
    expect(await held(rig)).toEqual([created.body.spec.clusterIP]);
  });
});

describe('a write that fails or is only tried', () => {
  it.each([
    ['a dry run', `POST ${services}?dryRun=All`, service('a', { type: 'NodePort' }), 201],
    ['a name that is taken', `POST ${services}`, service('taken', { type: 'NodePort' }), 409],
    [
      'a node port out of range',
      `POST ${services}`,
      service('a', { type: 'NodePort', ports: [{ port: 80, nodePort: -5 }] }),
      422,
    ],
    ['an object that is invalid', `POST ${services}`, service('a', { type: 'NodePort', sessionAffinity: 'x' }), 422],
  ])('%s holds nothing', async (_, request, body, status) => {
    const rig = newServicesRig();
    await rig.ask(`POST ${services}`, { body: service('taken', { clusterIP: 'None' }) });
    expect((await rig.ask(request, { body })).status).toBe(status);
    expect(await held(rig)).toEqual([]);
  });
});

describe('repair', () => {
  it('frees old claims without a service and claims what services use', async () => {
    const rig = newServicesRig();
    const pools = newPools(rig.store, numbers);
    const long = new Date(rig.clock.now() - 600_000);
    const owner = { namespace: 'default', name: 'gone' };
    await pools.addresses.claims.take('10.96.0.7', owner, long);
    await pools.ports.claims.take('30000', owner, new Date(rig.clock.now()));
    const used = await rig.ask(`POST ${services}`, { body: service('a') });
    const { clusterIP } = used.body.spec as { clusterIP: string };
    await pools.addresses.claims.free(clusterIP, { namespace: 'default', name: 'a' });
    await repairAllocations(rig.store, pools, rig.clock);
    expect(await held(rig)).toEqual([clusterIP, '30000']);
  });

  it('has nothing to do on an empty store', async () => {
    const store = newMemoryStore({ resources: [] });
    await repairAllocations(store, newPools(store, numbers));
    expect(store.revision).toBe(0);
  });
});
