import { version } from '@kubephant/base';
import { newClient, newRestClientMetrics, type Client } from '@kubephant/client';
import { newApiTransport, readKubeconfig, type ApiTransport, type ServerConfig } from '@kubephant/http-client';
import type { RestClientMetrics } from '@kubephant/client';
import type { ComponentContext } from './run-component';

/** A program's connection to its cluster. */
export interface ClusterConnection {
  readonly client: Client;
  readonly transport: ApiTransport;
  readonly config: ServerConfig;
  readonly userAgent: string;
  readonly metrics: RestClientMetrics;
}

/** Connects as the kubeconfig says; nothing is sent yet. */
export async function connectCluster(
  kubeconfig: string,
  { name, metrics, clock }: Pick<ComponentContext, 'name' | 'metrics' | 'clock'>,
): Promise<ClusterConnection> {
  const config = await readKubeconfig(kubeconfig);
  const restMetrics = newRestClientMetrics(metrics);
  const transport = newApiTransport(config, { clock, metrics: restMetrics });
  const userAgent = `${name}/${version.gitVersion}`;
  return { client: newClient(transport, { userAgent }), transport, config, userAgent, metrics: restMetrics };
}
