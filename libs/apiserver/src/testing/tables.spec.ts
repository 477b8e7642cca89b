import { startTestServer } from './server';

const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const pods = '/api/v1/namespaces/default/pods';

it.each([
  ['Succeeded', 'The pod has completed successfully.'],
  ['Failed', 'The pod failed.'],
  ['Running', undefined],
])('a table says of a pod that is %s whether it is over: %s', async (phase, message) => {
  await using server = await startTestServer();
  const ask: typeof server.ask = (request, question) => server.ask(request, question);
  await ask('POST /api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
  const body = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  await ask(`POST ${pods}`, { body });
  const headers = { 'content-type': 'application/merge-patch+json' };
  await ask(`PATCH ${pods}/web/status`, { headers, body: { status: { phase } } });
  const table = (await ask(`GET ${pods}?includeObject=None`, { headers: { accept } })).body;
  const conditions = [{ type: 'Completed', status: 'True', reason: phase, message }];
  expect(table.rows).toEqual([{ cells: expect.any(Array), object: null, ...(message && { conditions }) }]);
});
