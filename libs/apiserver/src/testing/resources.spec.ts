import { table } from '@kubephant/resources';
import { servedResourceSuite } from './resource-suite';
import { startTestServer, type TestServer } from './server';

let server: TestServer;
beforeAll(async () => {
  // What this server itself would say of definitions meanwhile is tried in extensions.spec.ts.
  server = await startTestServer({ deps: { leavesDefinitions: true } });
  const account = { metadata: { name: 'default' } };
  await server.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: account });
});
afterAll(() => server[Symbol.asyncDispose]());

for (const row of table.filter(({ createAs }) => !createAs)) servedResourceSuite(() => server, row);
