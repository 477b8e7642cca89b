import { testAdmission } from '../admission/testing';
import { newPools, serviceAllocation } from './services/allocation';
import { newRig, type Rig } from './testing/rig';
import { testRows } from './testing/rows';

const core = '/api/v1/namespaces/default';
const merge = 'application/merge-patch+json';
const json = 'application/json-patch+json';
const apply = 'application/apply-patch+yaml';

async function newFullRig(): Promise<Rig> {
  const bare = newRig({}, testRows);
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'default' } } });
  await bare.ask(`POST ${core}/serviceaccounts`, { body: { metadata: { name: 'default' } } });
  await bare.ask(`POST ${core}/configmaps`, {
    body: '{"metadata":{"name":"p"},"data":{"__proto__":"y","constructor":"z"}}',
  });
  const { store, clock } = bare;
  const allocations = new Map([
    ['services', serviceAllocation(newPools(store, { clusterIPRange: '10.0.0.0/24' }), clock)],
  ]);
  return newRig({ store, clock, allocations, admission: testAdmission({ store, clock }) }, testRows);
}

const applied = (metadata: string, kind = '"ConfigMap"'): string =>
  `{"kind":${kind},"apiVersion":"v1","metadata":${metadata}}`;

describe('a hostile request', () => {
  it.each<[string, string, string]>([
    [`POST ${core}/pods`, '{"metadata":{"name":"a"}}', ''],
    [`POST ${core}/pods`, '{"metadata":null,"spec":null}', ''],
    [
      `POST ${core}/pods`,
      '{"metadata":{"name":"a"},"spec":{"containers":[null],"tolerations":[null],"volumes":[null]}}',
      '',
    ],
    [`POST ${core}/services`, '{"metadata":{"name":"a"},"spec":{"ports":[null]}}', ''],
    [`POST ${core}/configmaps`, '{"metadata":{"name":"x","labels":{"__proto__":"x"}}}', ''],
    [`POST ${core}/configmaps`, '['.repeat(5000), ''],
    [`PATCH ${core}/configmaps/p`, '[{"op":"add","path":"/__proto__/polluted","value":1}]', json],
    [`PATCH ${core}/configmaps/p`, '[{"op":"replace","path":"","value":null}]', json],
    [`PATCH ${core}/configmaps/p`, '[{"op":"remove","path":"/metadata"}]', json],
    [`PATCH ${core}/configmaps/p`, '{"metadata":null}', merge],
    [`PATCH ${core}/configmaps/p`, '{"metadata":{"managedFields":[{"manager":5},null,7]}}', merge],
    [`PATCH ${core}/configmaps/q?fieldManager=a`, applied('null'), apply],
    [`PATCH ${core}/configmaps/p?fieldManager=a`, applied('5'), apply],
    [`PATCH ${core}/configmaps/p?fieldManager=a`, applied('{"name":"p"}', '5'), apply],
    [`PATCH ${core}/configmaps/q?fieldManager=a`, applied('{"name":"q","uid":5,"labels":[1]}'), apply],
    [`DELETE ${core}/configmaps/p`, '[]', ''],
    [`DELETE ${core}/configmaps/p`, '{"preconditions":null,"dryRun":[5]}', ''],
    ['PUT /apis/example.com/v1/namespaces/default/widgets/a/scale', '{"metadata":null}', ''],
    [`GET ${core}/__proto__`, '', ''],
    [`GET ${core}/configmaps/p/constructor`, '', ''],
    [`GET ${core}/configmaps?fieldSelector=__proto__%3Dx`, '', ''],
    [`GET ${core}/configmaps?labelSelector=${'a%20in%20('.repeat(500)}`, '', ''],
    [`GET ${core}/configmaps?continue=${'A'.repeat(5000)}`, '', ''],
    ['POST /api/v1/namespaces/constructor/configmaps', '{"metadata":{"name":"a"}}', ''],
  ])('%s %s gets an answer and changes nothing', async (request, body, type) => {
    const rig = await newFullRig();
    const before = rig.store.revision;
    const headers = type === '' ? {} : { 'content-type': type };
    const { status, body: answer } = await rig.ask(request, { body, headers });
    expect(answer).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
    expect(rig.store.revision).toBe(before);
    expect({}).not.toHaveProperty('polluted');
  });

  it('may name keys as it likes where keys are free', async () => {
    const rig = await newFullRig();
    const headers = { 'content-type': merge };
    await rig.ask(`PATCH ${core}/configmaps/p`, { headers, body: '{"data":{"__proto__":"q"},"__proto__":{"a":1}}' });
    const reply = await rig.open(`GET ${core}/configmaps/p`);
    if (reply.kind !== 'bytes') throw new Error(reply.kind);
    expect(Buffer.concat(reply.chunks).toString()).toContain('"data":{"__proto__":"q","constructor":"z"}');
  });
});
