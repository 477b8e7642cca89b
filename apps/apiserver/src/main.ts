import { resourceFields, runApiServer } from '@kubephant/apiserver';
import { runComponent, type ComponentContext } from '@kubephant/component-base';
import { newCaller, newDialer, serve } from '@kubephant/http-express';
import { table } from '@kubephant/resources';
import { waitForPostgresStore } from '@kubephant/storage-postgres';
import { configOf, readAdmission, readDatabaseUrl, readDialer, readIdentity, readTls } from './configuration';
import { flags, type Options } from './options';

async function run(options: Options, { log, metrics, clock, signal }: ComponentContext): Promise<void> {
  const tls = await readTls(options);
  const connectionString = await readDatabaseUrl(options);
  await runApiServer(
    {
      ...(await readIdentity(options)),
      openStore: (stop) =>
        waitForPostgresStore({ connectionString, resources: resourceFields(table), clock, log, metrics }, stop),
      clock,
      log,
      metrics,
      dialer: newDialer(await readDialer(options)),
      caller: newCaller(),
      listen: async (handler, stop) => {
        const server = await serve(handler, { host: options.bindAddress, port: options.securePort, tls, log }, stop);
        log.info('serving', { host: server.host, port: server.port });
        return server;
      },
    },
    { ...configOf(options, tls), admission: await readAdmission(options) },
    signal,
  );
}

void runComponent<Options>(
  { name: 'kube-apiserver', description: 'Serves the Kubernetes API out of PostgreSQL', flags, run },
  process,
);
