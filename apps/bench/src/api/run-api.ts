import { readKubeconfig, type ServerConfig } from '@kubephant/http-client';
import { choose, measureAll, type BenchOptions, type Console } from '../measure/bench';
import { startOwnServers } from './own-servers';
import type { ApiBench, ApiScenario } from './scenario';
import { expectCreated, scenarios } from './scenarios';
import { Wire } from './wire';

export interface ApiBenchOptions extends BenchOptions {
  /** Of servers of one cluster, whosever it is; absent: two are started. */
  readonly kubeconfig?: readonly string[];
}

/** Measures API servers through what every client sees of them. */
export async function runApiBench({ kubeconfig, ...options }: ApiBenchOptions, console: Console): Promise<void> {
  const chosen = choose(scenarios, options.scenario);
  await using own = kubeconfig ? undefined : await startOwnServers(2, console.signal);
  const kubeconfigs = own?.servers.map((started) => started.kubeconfig) ?? kubeconfig ?? [];
  const [server, second] = await Promise.all(kubeconfigs.map((file) => readKubeconfig(file)));
  const [path] = kubeconfigs;
  if (!server || path === undefined) throw new Error('--kubeconfig needs a file');
  const namespace = `bench-${Date.now()}`;
  const { seconds } = options;
  const bench: ApiBench = {
    server,
    kubeconfig: path,
    namespace,
    seconds,
    ...(second && { second }),
    ...(own && { own }),
  };
  const possible = chosen.filter(({ needs }) => has(bench, needs));
  for (const { name, needs } of chosen) if (!has(bench, needs)) console.say(`${name}: not measured, it needs ${needs}`);
  await makeNamespace(server, namespace);
  try {
    await measureAll(possible, bench, options, console);
  } finally {
    const wire = await Wire.open(server);
    await wire.exchange('DELETE', `/api/v1/namespaces/${namespace}`);
    wire.close();
  }
}

function has({ second, own }: ApiBench, needs: ApiScenario['needs']): boolean {
  if (needs === 'two servers') return second !== undefined;
  return needs === undefined || own !== undefined;
}

export async function makeNamespace(server: ServerConfig, name: string): Promise<void> {
  const wire = await Wire.open(server);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await expectCreated(wire, '/api/v1/namespaces', JSON.stringify(namespace));
  wire.close();
}
