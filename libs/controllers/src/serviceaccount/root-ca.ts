import { is, keyOf, StatusError, type Draft, type ObjectKey } from '@kubephant/api';
import type { Counter, Histogram } from '@kubephant/base';
import { configMaps, namespaces, type ResourceClient } from '@kubephant/client';
import { changes, runController } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { ConfigMap, Namespace } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import type { ControllerContext } from '../common/context';
import { isNamespaceTerminating } from '../common/namespace-terminating';

const mapName = 'kube-root-ca.crt';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Puts the certificate authority of the API server (PEM) where the pods of every namespace can mount it. */
export async function runRootCaPublisher(
  context: ControllerContext,
  rootCa: string,
  signal: AbortSignal,
): Promise<void> {
  const owners = context.informers.of(namespaces);
  const maps = context.informers.of(configMaps, { fieldSelector: `metadata.name=${mapName}` });
  await runController(
    {
      name: 'root_ca_cert_publisher',
      sources: [
        changes(owners, (owner) => [keyOf(owner)]),
        changes(maps, ({ metadata: { name, namespace = '' } }) => (name === mapName ? [{ name: namespace }] : [])),
      ],
      reconciler: new RootCaPublisher(owners, maps, context, rootCa),
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}

class RootCaPublisher {
  readonly #owners: SharedInformer<Namespace>;
  readonly #maps: SharedInformer<ConfigMap>;
  readonly #resource: ResourceClient<ConfigMap>;
  readonly #now: () => number;
  readonly #data: Readonly<Record<string, string>>;
  readonly #syncs: Counter<'code'>;
  readonly #duration: Histogram<'code'>;

  constructor(
    owners: SharedInformer<Namespace>,
    maps: SharedInformer<ConfigMap>,
    context: ControllerContext,
    rootCa: string,
  ) {
    this.#owners = owners;
    this.#maps = maps;
    this.#resource = context.client.resource(configMaps);
    this.#now = () => context.clock.now();
    this.#data = { 'ca.crt': rootCa };
    const buckets = Array.from({ length: 15 }, (_, i) => 0.001 * 2 ** i);
    this.#syncs = context.metrics.counter(
      'root_ca_cert_publisher_sync_total',
      'Number of namespace syncs happened in root ca cert publisher.',
      ['code'],
    );
    this.#duration = context.metrics.histogram(
      'root_ca_cert_publisher_sync_duration_seconds',
      'Number of namespace syncs happened in root ca cert publisher.',
      buckets,
      ['code'],
    );
  }

  async reconcile({ name: namespace }: ObjectKey, signal: AbortSignal): Promise<void> {
    const owner = this.#owners.lister.get({ name: namespace });
    if (!owner || owner.metadata.deletionTimestamp) return;
    const startedMs = this.#now();
    const observe = (code: string): void => {
      this.#syncs.inc({ code });
      this.#duration.observe({ code }, (this.#now() - startedMs) / 1000);
    };
    try {
      await this.#publish(namespace, signal);
      observe('200');
    } catch (err) {
      if (isNamespaceTerminating(err) || is('NotFound', err)) return;
      observe(err instanceof StatusError ? String(err.code) : '500');
      throw err;
    }
  }

  async #publish(namespace: string, signal: AbortSignal): Promise<void> {
    const current = this.#maps.lister.get({ namespace, name: mapName });
    const annotations = { ...current?.metadata.annotations, 'kubernetes.io/description': description };
    const data = { ...this.#data };
    if (!current) {
      const draft: Draft<ConfigMap> = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: mapName, namespace, annotations },
        data,
      };
      await this.#resource.create(draft, signal);
    } else if (
      !isDeepStrictEqual(current.data, data) ||
      !isDeepStrictEqual(current.metadata.annotations, annotations)
    ) {
      await this.#resource.update({ ...current, data, metadata: { ...current.metadata, annotations } }, signal);
    }
  }
}
