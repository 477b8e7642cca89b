import { readKubeconfig } from '@kubephant/http-client';
import { medians } from '../statistics';
import type { Bench } from './scenario';
import { expectCreated, scenarios } from './scenarios';
import { Wire } from './wire';

export interface ApiBenchOptions {
  readonly kubeconfig: string;
  readonly scenario?: readonly string[];
  readonly runs: number;
  readonly seconds: number;
}

/** Measures the API server that a kubeconfig points at, whosever it is. Prints one line per scenario: medians over the runs. */
export async function runApiBench(
  { kubeconfig, scenario, runs, seconds }: ApiBenchOptions,
  say: (text: string) => void,
): Promise<void> {
  const chosen = scenarios.filter(({ name }) => !scenario || scenario.includes(name));
  if (chosen.length === 0)
    throw new Error(`no such scenario; there are ${scenarios.map(({ name }) => name).join(', ')}`);
  const config = await readKubeconfig(kubeconfig);
  const bench: Bench = { config, namespace: `bench-${Date.now()}`, seconds, say };
  const wire = await Wire.open(config);
  await expectCreated(
    wire,
    '/api/v1/namespaces',
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: bench.namespace } }),
  );
  try {
    for (const measured of chosen) {
      await measured.prepare?.(bench);
      const results = [];
      for (let i = 0; i < runs; i++) results.push(await measured.run(bench));
      const figures = Object.entries(medians(results)).map(
        ([unit, value]) => `${value.toFixed(value < 100 ? 2 : 0)} ${unit}`,
      );
      say(`${measured.name.padEnd(12)} ${measured.description}: ${figures.join(', ')}`);
    }
  } finally {
    const last = await Wire.open(config);
    await last.exchange('DELETE', `/api/v1/namespaces/${bench.namespace}`);
    last.close();
    wire.close();
  }
}
