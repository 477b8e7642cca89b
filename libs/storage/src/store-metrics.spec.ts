import { newMetrics } from '@kubephant/base';
import { newMemoryStore } from './memory-store';
import { keyOf, podOf, testResources } from './testing';

it('shows writes, lists and events by resource under the names that dashboards know', async () => {
  const metrics = newMetrics();
  const store = newMemoryStore({ resources: testResources, metrics });
  await store.create(keyOf('a'), podOf('a'));
  await expect(store.create(keyOf('a'), podOf('a'))).rejects.toMatchObject({ reason: 'AlreadyExists' });
  await store.create({ resource: 'deployments.apps', namespace: 'x', name: 'd' }, podOf('d'));
  await store.list({ resource: 'pods' });
  const lines = (await metrics.registry.metrics()).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'etcd_requests_total{operation="create",group="",resource="pods"} 2',
      'etcd_requests_total{operation="create",group="apps",resource="deployments"} 1',
      'etcd_request_duration_seconds_count{operation="create",group="",resource="pods"} 2',
      'apiserver_storage_list_returned_objects_total{group="",resource="pods"} 1',
      'apiserver_watch_cache_events_dispatched_total{group="apps",resource="deployments"} 1',
      'apiserver_watch_cache_consistent_read_total{group="",resource="pods",success="true",fallback="false"} 1',
      'apiserver_watch_cache_resource_version{group="",resource="pods"} 2',
      'kubephant_store_batch_size_count 3',
    ]),
  );
  expect(lines.filter((line) => line.startsWith('etcd_request_errors_total{'))).toEqual([]);
});
