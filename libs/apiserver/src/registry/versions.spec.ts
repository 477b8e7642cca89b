import { namesIn, newRig } from './testing/rig';

const core = '/api/v1/namespaces/default/events';
const newer = '/apis/events.k8s.io/v1/namespaces/default/events';
const about = { kind: 'Pod', namespace: 'default', name: 'p' };

describe('a resource that is stored as another', () => {
  it('is one object in two forms', async () => {
    const rig = newRig();
    const body = { metadata: { name: 'e' }, involvedObject: about, reason: 'R', message: 'm', type: 'Normal' };
    await rig.ask(`POST ${core}`, { body });
    const { body: shown } = await rig.ask(`GET ${newer}/e`);
    expect(shown).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      regarding: about,
      note: 'm',
      reason: 'R',
    });
    expect(shown).not.toHaveProperty('involvedObject');
    const list = await rig.ask(`GET ${newer}`);
    expect(list.body).toMatchObject({ kind: 'EventList', apiVersion: 'events.k8s.io/v1', items: [{ note: 'm' }] });
  });

  it('can be changed in either, and told to watchers of either', async () => {
    const rig = newRig();
    await rig.ask(`POST ${core}`, {
      body: { metadata: { name: 'e' }, involvedObject: about, reason: 'R', type: 'Normal' },
    });
    const end = new AbortController();
    const reply = await rig.open(`GET ${newer}?watch=1`, { signal: end.signal });
    const headers = { 'content-type': 'application/merge-patch+json' };
    await rig.ask(`PATCH ${core}/e`, { headers, body: { count: 2 } });
    if (reply.kind !== 'stream') throw new Error(reply.kind);
    const types: string[] = [];
    for await (const chunks of reply.chunks) {
      types.push(...chunks.map((chunk) => Buffer.from(chunk).toString().slice(0, 120)));
      if (types.length > 0) end.abort();
    }
    expect(types[0]).toContain('"apiVersion":"events.k8s.io/v1"');
  });

  it.each(['PUT', 'PATCH'])('is stored in one form when %s creates it in the other', async (method) => {
    const rig = newRig();
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'e' },
      regarding: about,
      note: 'm',
      reason: 'R',
      type: 'Normal',
      action: 'A',
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/c',
      reportingInstance: 'c-0',
    };
    const headers = { 'content-type': method === 'PUT' ? 'application/json' : 'application/apply-patch+yaml' };
    const { status } = await rig.ask(`${method} ${newer}/e?fieldManager=m`, { headers, body });
    expect(status).toBe(201);
    expect((await rig.ask(`GET ${core}/e`)).body).toMatchObject({
      apiVersion: 'v1',
      involvedObject: about,
      message: 'm',
      reportingComponent: 'example.com/c',
    });
  });

  it('is printed as it is stored, whatever the other form has room for', async () => {
    const rig = newRig();
    const target = (name: string, wanted: object) => ({ type: 'Resource', resource: { name, target: wanted } });
    const metrics = [
      target('cpu', { type: 'Utilization', averageUtilization: 70 }),
      target('memory', { type: 'AverageValue', averageValue: '1Gi' }),
    ];
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
    const autoscalers = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
    const body = { metadata: { name: 'a' }, spec: { scaleTargetRef, maxReplicas: 3, metrics } };
    await rig.ask(`POST ${autoscalers('v2')}`, { body });
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { body: table } = await rig.ask(`GET ${autoscalers('v1')}`, { headers });
    expect(table).toMatchObject({
      rows: [{ cells: ['a', 'Deployment/d', 'cpu: <unknown>/70%, memory: <unknown>/1Gi', '1', 3, 0, '0s'] }],
    });
  });

  it('is refused under the name of its stored form', async () => {
    const rig = newRig();
    const { body } = await rig.ask(`POST ${newer}`, { body: { metadata: { name: 'e' }, regarding: about } });
    expect(body).toMatchObject({
      message: expect.stringMatching(/^Event "e" is invalid: /),
      details: { kind: 'Event' },
    });
    expect(body.details).not.toHaveProperty('group');
  });

  it.each([
    [core, 'involvedObject.name%3Dp', ['e']],
    [newer, 'regarding.name%3Dp', ['e']],
    [newer, 'regarding.name%3Dq', []],
  ])('is selected in %s by %s', async (path, selector, names) => {
    const rig = newRig();
    await rig.ask(`POST ${core}`, {
      body: { metadata: { name: 'e' }, involvedObject: about, reason: 'R', type: 'Normal' },
    });
    expect(namesIn(await rig.ask(`GET ${path}?fieldSelector=${selector}`))).toEqual(names);
  });
});
