import type { Draft } from '@kubephant/api';
import { configMaps, namespaces, serviceAccounts } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Namespace } from '@kubephant/schema';
import { newRig } from '../testing/rig';
import { runServiceAccountController } from './controller';
import { runRootCaPublisher } from './root-ca';

const { signal } = new AbortController();
const namespace = (name: string): Draft<Namespace> => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
  spec: { finalizers: ['kubernetes'] },
});
const seed = (cluster: FakeCluster): unknown => cluster.seed(namespaces, namespace('a'));

describe('the serviceaccount controller', () => {
  it('keeps a default account in every namespace', async () => {
    const rig = await newRig(runServiceAccountController, seed);
    rig.cluster.seed(namespaces, namespace('b'));
    await rig.settle();
    const keys = (): string[] =>
      rig.cluster.objects(serviceAccounts).map(({ metadata }) => `${metadata.namespace!}/${metadata.name}`);
    expect(keys()).toEqual(['a/default', 'b/default']);
    await rig.cluster.client.resource(serviceAccounts).delete({ namespace: 'a', name: 'default' }, signal);
    await rig.settle();
    expect(keys()).toEqual(['a/default', 'b/default']);
    await rig.stop();
  });

  it('leaves a namespace alone that is going', async () => {
    const rig = await newRig(runServiceAccountController, (cluster) => {
      cluster.seed(namespaces, {
        ...namespace('a'),
        metadata: { name: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' },
      });
    });
    expect(rig.cluster.objects(serviceAccounts)).toEqual([]);
    await rig.stop();
  });
});

describe('the root CA publisher', () => {
  it('keeps the certificate in every namespace, and counts', async () => {
    const rig = await newRig((context, s) => runRootCaPublisher(context, 'PEM', s), seed);
    const key = { namespace: 'a', name: 'kube-root-ca.crt' };
    expect(rig.cluster.get(configMaps, key)).toMatchObject({
      metadata: { annotations: { 'kubernetes.io/description': expect.stringContaining('CA bundle') as string } },
      data: { 'ca.crt': 'PEM' },
    });
    rig.cluster.change(configMaps, key, (obj) => (obj.data = { 'ca.crt': 'FORGED' }));
    await rig.settle();
    expect(rig.cluster.get(configMaps, key)?.data).toEqual({ 'ca.crt': 'PEM' });
    expect(await rig.context.metrics.registry.getSingleMetricAsString('root_ca_cert_publisher_sync_total')).toContain(
      '{code="200"}',
    );
    await rig.stop();
  });
});
