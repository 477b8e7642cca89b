import { readKubeconfig, type ServerConfig } from '@kubephant/http-client';
import { choose, measureAll, type BenchOptions, type Console, type Scenario } from '../measure/bench';
import { stateOf } from '../api/observed';
import { startOwnServers } from '../api/own-servers';
import { makeNamespace } from '../api/run-api';
import { Wire } from '../api/wire';
import { coldGetOf, firstGetOf } from './first-get';
import { serviceAccountIn } from './identity';
import { requestKinds } from './kinds';
import { requestsOf, type RequestsBench } from './requests-scenario';
import { cpuSecondsOf } from './server-cpu';

export interface RequestsBenchOptions extends BenchOptions {
  /** Of a server, whosever it is; absent: one is started. */
  readonly kubeconfig?: string;
  /** The process of that server, if it is on this machine: without it, its own metrics are asked. */
  readonly serverPid?: number;
  readonly clients: number;
  /** What the namespace's name begins with. */
  readonly prefix: string;
}

/** Measures what one server takes for each kind of request of a typical client. */
export async function runRequestsBench(options: RequestsBenchOptions, console: Console): Promise<void> {
  await using own = options.kubeconfig === undefined ? await startOwnServers(1, console.signal) : undefined;
  const kubeconfig = own?.servers[0]?.kubeconfig ?? options.kubeconfig ?? '';
  const admin = await readKubeconfig(kubeconfig);
  const pid = own?.servers[0]?.pid ?? options.serverPid;
  const scenarios: readonly Scenario<RequestsBench>[] = [
    ...requestKinds.map(requestsOf),
    own ? firstGetOf(own) : coldGetOf(kubeconfig),
  ];
  const chosen = choose(scenarios, options.scenario);
  const namespace = `${options.prefix}${Date.now()}`;
  await makeNamespace(admin, namespace);
  try {
    const bench: RequestsBench = {
      server: await serviceAccountIn(namespace, admin),
      namespace,
      seconds: options.seconds,
      clients: options.clients,
      cpuSeconds: pid === undefined ? async () => (await stateOf(admin)).cpuSeconds : () => cpuSecondsOf(pid),
    };
    await measureAll(chosen, bench, options, console);
  } finally {
    await clear(admin, namespace);
  }
}

/** Whatever was made; where no controller empties namespaces, what is in them goes all the same. */
async function clear(admin: ServerConfig, namespace: string): Promise<void> {
  const wire = await Wire.open(admin);
  for (const path of [
    `/api/v1/namespaces/${namespace}/pods`,
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
    `/api/v1/namespaces/${namespace}/serviceaccounts`,
    `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${namespace}`,
    `/api/v1/namespaces/${namespace}`,
  ])
    await wire.exchange('DELETE', path);
  wire.close();
}
