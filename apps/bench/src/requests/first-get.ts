import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scenario } from '../measure/bench';
import { figure, type Figure } from '../measure/figure';
import { nowMs } from '../measure/machine';
import type { OwnServers } from '../api/own-servers';
import { cpuSecondsOf } from './server-cpu';

const run = promisify(execFile);

/** What kubectl's log says of how long its requests took [kubectl -v=6]. */
export function requestMs(log: string): number[] {
  return [...log.matchAll(/ (?:milliseconds=(\d+)|in (\d+) milliseconds)/g)].map(([, as, old]) => Number(as ?? old));
}

/** One `kubectl get pods` that knows nothing of the server yet. */
export async function firstGet(kubeconfig: string): Promise<Figure[]> {
  const cache = await mkdtemp(join(tmpdir(), 'bench-kubectl-'));
  try {
    const startMs = nowMs();
    const { stderr } = await run('kubectl', ['--kubeconfig', kubeconfig, '--cache-dir', cache, '-v=6', 'get', 'pods']);
    const wholeMs = nowMs() - startMs;
    const requests = requestMs(stderr);
    return [
      figure('kubectl get, whole process', 'ms', wholeMs, { atMost: 300 }),
      figure(
        'of that its requests, in sum',
        'ms',
        requests.reduce((sum, ms) => sum + ms, 0),
      ),
      figure('its requests', '', requests.length),
    ];
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

/** The first `kubectl get` of a server that has just said that it is ready, and how long that took. */
export const firstGetOf = (own: OwnServers): Scenario<unknown> => ({
  name: 'start',
  description: 'start of an API server until /readyz answers 200, then the first kubectl get, with an empty cache',
  open: async () => ({
    run: () =>
      own.withAnother(async ({ kubeconfig, pid, readyMs }) => {
        const startSeconds = await cpuSecondsOf(pid);
        const figures = await firstGet(kubeconfig);
        const taken = (await cpuSecondsOf(pid)) - startSeconds;
        return {
          figures: [
            figure('ready', 'ms', readyMs, { atMost: 2_000 }),
            figure('processor time of the start', 'ms', startSeconds * 1000),
            ...figures,
            figure('processor time of the server meanwhile', 'ms', taken * 1000),
          ],
        };
      }),
    [Symbol.asyncDispose]: async () => undefined,
  }),
});

/** The same of a server that has been running for long. */
export const coldGetOf = (kubeconfig: string): Scenario<unknown> => ({
  name: 'start',
  description: 'kubectl get with an empty cache, of a server that has been running',
  open: async () => ({
    run: async () => ({ figures: await firstGet(kubeconfig) }),
    [Symbol.asyncDispose]: async () => undefined,
  }),
});
