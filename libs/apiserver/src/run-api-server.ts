import { abortable, newGroup, untilAborted, type Run } from '@kubephant/base';
import {
  componentRoutes,
  statusReply,
  withEncoding,
  withStatus,
  type Handler,
  type Incoming,
} from '@kubephant/serving';
import { StatusError } from '@kubephant/api';
import type { Store } from '@kubephant/storage';
import { newApiServer, type ApiServer, type ApiServerConfig, type ApiServerDependencies } from './api-server';

export interface RunApiServerDependencies extends Omit<ApiServerDependencies, 'store'> {
  /**
   * Opens the store, however long it has to wait for it. `run` keeps it following what other servers write. Rejects
   * only when waiting is of no use, or on abort.
   */
  readonly openStore: (signal: AbortSignal) => Promise<{ readonly store: Store; readonly run: Run }>;
  /** Serves the handler until the signal aborts: an edge. */
  readonly listen: (handler: Handler<Incoming>, signal: AbortSignal) => Promise<{ readonly closed: Promise<void> }>;
}

/**
 * Runs the API server until the signal aborts. It listens at once: /livez is true from the beginning, /readyz when the
 * store is open and the bootstrap done. On abort the edge drains first; store and views are needed until its last answer.
 */
export async function runApiServer(
  deps: RunApiServerDependencies,
  config: ApiServerConfig,
  signal: AbortSignal,
): Promise<void> {
  const background = new AbortController();
  const group = newGroup(background.signal);
  let server: ApiServer | undefined;
  let handler = startingHandler(deps);
  group.go('edge', async (failed) => {
    const stopping = AbortSignal.any([signal, failed]);
    const edge = await deps.listen((req) => handler(req), stopping);
    await untilAborted(stopping);
    if (server) await leave(server, deps);
    await edge.closed;
    background.abort();
  });
  group.go('api server', async (stop) => {
    const { store, run } = await deps.openStore(AbortSignal.any([signal, stop]));
    server = newApiServer({ ...deps, store }, config, background.signal);
    group.go('store', run);
    handler = server.handler;
    await server.run(stop);
  });
  await group.wait();
}

/** How long the others' knowing that we go may hold up our going: then they find out by our silence. */
const leaveMs = 3000;

async function leave(server: ApiServer, { log }: Pick<RunApiServerDependencies, 'log'>): Promise<void> {
  const patience = AbortSignal.timeout(leaveMs);
  try {
    await abortable(server.leave(patience), patience);
  } catch (err) {
    log.warn('cannot leave the kubernetes service, the other servers will take us out', { reason: String(err) });
  }
}

/** What can be said without a store: alive, not ready, and to anything else: come again. */
function startingHandler({ log, metrics }: Pick<RunApiServerDependencies, 'log' | 'metrics'>): Handler<Incoming> {
  const storage = {
    name: 'etcd',
    check: () => {
      throw new Error('the store is not open yet');
    },
  };
  const routes = componentRoutes({ metrics, readyz: [storage] });
  const starting = new StatusError('ServiceUnavailable', 'the server is starting: its store cannot be reached yet', {
    retryAfterSeconds: 1,
  });
  return withStatus(log)(
    withEncoding()(async (req) => {
      // Who may see metrics cannot be known yet.
      const open = /^\/(healthz|livez|readyz|version)(\/|$)/.test(req.url.pathname);
      return (open ? await routes(req) : undefined) ?? statusReply(starting);
    }),
  );
}
