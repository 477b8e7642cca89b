import { table } from '@kubephant/resources';
import { servedResourceSuite } from './resource-suite';
import { inapplicable } from './resource-suite/inapplicable';
import { startTestServer, stillClock, type TestServer } from './server';

let server: TestServer;
beforeAll(async () => {
  // What this server itself would say of definitions meanwhile is tried in extensions.spec.ts.
  server = await startTestServer({ clock: stillClock(), deps: { leavesDefinitions: true } });
  const account = { metadata: { name: 'default' } };
  await server.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: account });
});
afterAll(() => server[Symbol.asyncDispose]());

it('asks every row everything, but for what it says it cannot be asked', () => {
  const left: Record<string, string[]> = {};
  for (const row of table) {
    for (const [part, why] of inapplicable(row)) (left[`${part}: ${why}`] ??= []).push(row.names.plural);
  }
  expect(left).toMatchSnapshot();
});

// What is not kept is asked in created-only.spec.ts.
for (const row of table.filter(({ createAs }) => !createAs)) servedResourceSuite(() => server, row);
