import { newGroup, type Run } from '@kubephant/base';
import type { Handler, Incoming } from '@kubephant/serving';
import { newApiServer, type ApiServerConfig, type ApiServerDependencies } from './api-server';

export interface RunApiServerDependencies extends ApiServerDependencies {
  /** Keeps the store following what other servers write. */
  readonly runStore: Run;
  /** Serves the handler until the signal aborts: an edge. */
  readonly listen: (handler: Handler<Incoming>, signal: AbortSignal) => Promise<{ readonly closed: Promise<void> }>;
}

/**
 * Runs the API server until the signal aborts. It listens at once: /livez is true from the beginning, /readyz when the
 * bootstrap is done. On abort the edge drains first; store and views are needed until its last answer.
 */
export async function runApiServer(
  deps: RunApiServerDependencies,
  config: ApiServerConfig,
  signal: AbortSignal,
): Promise<void> {
  const background = new AbortController();
  const server = newApiServer(deps, config, background.signal);
  const group = newGroup(background.signal);
  group.go('store', deps.runStore);
  group.go('api server', server.run);
  group.go('edge', async (failed) => {
    const edge = await deps.listen(server.handler, AbortSignal.any([signal, failed]));
    await edge.closed;
    background.abort();
  });
  await group.wait();
}
