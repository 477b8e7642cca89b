import { decode, encode } from 'dns-packet';
import { is } from '@kubephant/api';
import { version } from '@kubephant/base';
import { newClient, nodes, pods } from '@kubephant/client';
import { exchange } from '@kubephant/dns-sockets';
import { newApiTransport, readKubeconfig } from '@kubephant/http-client';
import type { Addon } from './addons';
import type { Layout } from './layout';

/** What the launcher asks of the cluster that it has started. */
export interface Api extends Disposable {
  ready(signal: AbortSignal): Promise<boolean>;
  apply(addon: Addon, signal: AbortSignal): Promise<void>;
  nodeReady(name: string, signal: AbortSignal): Promise<boolean>;
  /** Removes a node that has been stopped for good, and its pods. */
  removeNode(name: string, signal: AbortSignal): Promise<void>;
  podCidr(name: string, signal: AbortSignal): Promise<string | undefined>;
  /** Whether the DNS server knows the API server's own Service. */
  dnsReady(signal: AbortSignal): Promise<boolean>;
}

/** Connects as the cluster's administrator. */
export async function connectApi(layout: Layout): Promise<Api> {
  const transport = newApiTransport(await readKubeconfig(layout.adminKubeconfig));
  const client = newClient(transport, { userAgent: `kubephant/${version.gitVersion}` });
  const node = (name: string, signal: AbortSignal) => client.resource(nodes).get({ name }, signal);
  return {
    [Symbol.dispose]: () => transport.close(),
    async ready(signal) {
      const { status, body } = await transport.send({ method: 'GET', path: '/readyz', signal });
      for await (const _ of body);
      return status === 200;
    },
    async apply({ resource, object }, signal) {
      const { name, namespace } = object.metadata;
      const patch = { type: 'apply', body: object, fieldManager: 'kubephant', force: true } as const;
      await client.resource(resource).patch({ name: name ?? '', namespace }, patch, signal);
    },
    async nodeReady(name, signal) {
      const { status } = await node(name, signal);
      return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
    },
    async removeNode(name, signal) {
      const gone = (err: unknown): void => {
        if (!is('NotFound', err)) throw err;
      };
      const removePods = async (): Promise<void> => {
        const { items } = await client.resource(pods).list({ fieldSelector: `spec.nodeName=${name}` }, signal);
        // Their containers are gone already: there is nobody left to confirm it.
        for (const { metadata } of items)
          await client.resource(pods).delete(metadata, signal, { gracePeriodSeconds: 0 }).catch(gone);
      };
      const cordon = { type: 'merge', body: { spec: { unschedulable: true } } } as const;
      await client.resource(nodes).patch({ name }, cordon, signal).catch(gone);
      await removePods();
      await client.resource(nodes).delete({ name }, signal).catch(gone);
      // Those that the scheduler was about to bind when it had not yet heard of it.
      await removePods();
    },
    podCidr: async (name, signal) => (await node(name, signal)).spec.podCIDR,
    async dnsReady(signal) {
      const query = encode({
        type: 'query',
        id: 1,
        questions: [{ name: `kubernetes.default.svc.${layout.domain}`, type: 'A' }],
      });
      const answer = await exchange(`${layout.gateway}:${layout.ports.dns}`, query, 'udp', signal);
      return (decode(Buffer.from(answer)).answers?.length ?? 0) > 0;
    },
  };
}
