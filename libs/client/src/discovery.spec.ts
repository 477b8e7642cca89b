import { notFound } from '@kubephant/api';
import { discover } from './discovery';
import type { Client } from './client';

const { signal } = new AbortController();
const resource = (name: string, kind: string, verbs = ['list']): object => ({ name, kind, namespaced: true, verbs });

const newServer = (paths: Record<string, object | Error>): Client =>
  ({
    async raw(path: string) {
      const answer = paths[path] ?? notFound({ group: '', resource: 'x' }, path);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  }) as never;

it('discovery finds every resource once, in the preferred version', async () => {
  const client = newServer({
    '/apis': {
      groups: [
        { name: 'apps', versions: [{ version: 'v2' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
        { name: 'gone', versions: [{ version: 'v1' }] },
        { name: 'broken', versions: [{ version: 'v1' }] },
      ],
    },
    '/api/v1': { resources: [resource('pods', 'Pod'), resource('pods/status', 'Pod')] },
    '/apis/apps/v1': { resources: [resource('deployments', 'Deployment')] },
    '/apis/apps/v2': { resources: [resource('deployments', 'Deployment'), resource('widgets', 'Widget')] },
    '/apis/broken/v1': new Error('503'),
  });
  const { resources, failed } = await discover(client, signal);
  expect(resources.map(({ group, version, plural }) => `${group}/${version}/${plural}`)).toEqual([
    '/v1/pods',
    'apps/v1/deployments',
    'apps/v2/widgets',
  ]);
  expect(failed).toEqual(['broken/v1']);
});
