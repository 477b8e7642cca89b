import type { FlowSchema, PriorityLevelConfiguration } from '@kubephant/schema';
import { startTestServer, until, type TestServer } from '../testing/server';
import { ensureFlowControl } from './flow-control';
import { flowSchemas, priorityLevelConfigurations } from './refs';

const { signal } = new AbortController();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const schemas = () => server.client.resource(flowSchemas);
const levels = () => server.client.resource(priorityLevelConfigurations);
const schemaOf = (name: string): Promise<FlowSchema> => schemas().get({ name }, signal);
const levelOf = (name: string): Promise<PriorityLevelConfiguration> => levels().get({ name }, signal);
const danglingOf = async (name: string) => (await schemaOf(name)).status?.conditions?.[0];

describe('flow control of a new cluster', () => {
  it('has the flow schemas that upstream has', async () => {
    const { items } = await schemas().list({}, signal);
    const rows = items.map(({ metadata, spec }) =>
      [
        metadata.name,
        spec.priorityLevelConfiguration.name,
        spec.matchingPrecedence,
        spec.distinguisherMethod?.type,
      ].join(' '),
    );
    expect(rows).toEqual([
      'catch-all catch-all 10000 ByUser',
      'exempt exempt 1 ',
      'global-default global-default 9900 ByUser',
      'kube-controller-manager workload-high 800 ByNamespace',
      'kube-scheduler workload-high 800 ByNamespace',
      'kube-system-service-accounts workload-high 900 ByNamespace',
      'probes exempt 2 ',
      'service-accounts workload-low 9000 ByUser',
      'system-leader-election leader-election 100 ByUser',
      'system-node-high node-high 400 ByUser',
      'system-nodes system 500 ByUser',
    ]);
    expect(items.every(({ metadata }) => metadata.annotations?.['apf.kubernetes.io/autoupdate-spec'] === 'true')).toBe(
      true,
    );
  });

  it('has the levels that upstream has', async () => {
    const { items } = await levels().list({}, signal);
    const rows = items.map(({ metadata, spec: { limited, exempt } }) => {
      const { queuing } = limited?.limitResponse ?? {};
      const { nominalConcurrencyShares, lendablePercent } = limited ?? exempt ?? {};
      return [metadata.name, nominalConcurrencyShares, lendablePercent, queuing?.queues, queuing?.handSize].join(' ');
    });
    expect(rows).toEqual([
      'catch-all 5 0  ',
      'exempt 0 0  ',
      'global-default 20 50 128 6',
      'leader-election 10 0 16 4',
      'node-high 40 25 64 6',
      'system 30 33 64 6',
      'workload-high 40 50 128 6',
      'workload-low 100 90 128 6',
    ]);
  });

  it('says of every schema that its level exists', async () => {
    await until(async () =>
      (await schemas().list({}, signal)).items.every(({ status }) => status?.conditions?.length === 1),
    );
    expect(await danglingOf('probes')).toEqual({
      type: 'Dangling',
      status: 'False',
      lastTransitionTime: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      reason: 'Found',
      message: 'This FlowSchema references the PriorityLevelConfiguration object named "exempt" and it exists',
    });
  });

  it('says when the level of a schema comes and goes', async () => {
    const { metadata: _, status: __, ...probes } = await schemaOf('probes');
    const spec = { ...probes.spec, priorityLevelConfiguration: { name: 'mine' } };
    await schemas().create({ ...probes, metadata: { name: 'mine' }, spec }, signal);
    await until(async () => (await danglingOf('mine'))?.status === 'True');
    expect(await danglingOf('mine')).toMatchObject({
      reason: 'NotFound',
      message:
        'This FlowSchema references the PriorityLevelConfiguration object named "mine" but there is no such object',
    });
    const { metadata: ___, status: ____, ...low } = await levelOf('workload-low');
    await levels().create({ ...low, metadata: { name: 'mine' } }, signal);
    await until(async () => (await danglingOf('mine'))?.status === 'False');
    await levels().delete({ name: 'mine' }, signal);
    await until(async () => (await danglingOf('mine'))?.status === 'True');
  });
});

describe('flow control that was changed', () => {
  const autoupdate = 'apf.kubernetes.io/autoupdate-spec';
  const withShares = (level: PriorityLevelConfiguration, shares: number): PriorityLevelConfiguration => ({
    ...level,
    spec: { ...level.spec, limited: { ...level.spec.limited, nominalConcurrencyShares: shares } },
  });
  const sharesOf = async (name: string) => (await levelOf(name)).spec.limited?.nominalConcurrencyShares;

  it('comes back where the server looks after it', async () => {
    await levels().update(withShares(await levelOf('system'), 7), signal);
    await ensureFlowControl(server.client, signal);
    expect(await sharesOf('system')).toBe(30);
  });

  it('stays where the administrator does', async () => {
    const level = await levelOf('node-high');
    const metadata = { ...level.metadata, annotations: { [autoupdate]: 'false' } };
    await levels().update(withShares({ ...level, metadata }, 7), signal);
    await ensureFlowControl(server.client, signal);
    expect(await sharesOf('node-high')).toBe(7);
  });

  it('comes back when it was deleted, mandatory or not', async () => {
    await schemas().delete({ name: 'exempt' }, signal);
    await levels().delete({ name: 'workload-low' }, signal);
    await ensureFlowControl(server.client, signal);
    expect((await schemaOf('exempt')).spec.matchingPrecedence).toBe(1);
    expect(await sharesOf('workload-low')).toBe(100);
  });

  it('is not written when nothing is missing', async () => {
    const before = await schemaOf('system-nodes');
    await ensureFlowControl(server.client, signal);
    expect(await schemaOf('system-nodes')).toEqual(before);
  });
});
