import type { Mutation } from '@kubephant/storage';
import { withLog } from '../store/log';

interface Filling {
  readonly namespace: string;
  readonly count: number;
  readonly bytes: number;
}

const configMap = ({ namespace, bytes }: Filling, name: string, i: number): string =>
  JSON.stringify({
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace,
      uid: `0d3f4a52-9d5f-4b49-a6a3-${String(i).padStart(12, '0')}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'bench' },
    },
    data: { i: `(${i} 0)`, value: 'x'.repeat(Math.max(0, bytes - 250)) },
  });

const keyOf = (namespace: string, name: string) => ({ resource: 'configmaps', namespace, name });

/** That many ConfigMaps, past the API servers: into the database that they follow. */
export async function fillConfigMaps(connectionString: string, filling: Filling): Promise<void> {
  const batchSize = 1000;
  const prefix = `fill-${Date.now()}`;
  await withLog(connectionString, async (log) => {
    for (let i = 0; i < filling.count; i += batchSize) {
      const batch = Array.from({ length: batchSize }, (_, j): Mutation => {
        const name = `${prefix}-${i + j}`;
        return { key: keyOf(filling.namespace, name), expected: 0, value: configMap(filling, name, i + j) };
      });
      await log.commit(batch, 0);
    }
  });
}

/** That many changes to a few ConfigMaps; `onProgress` is awaited now and then. */
export async function floodConfigMaps(
  connectionString: string,
  filling: Filling,
  onProgress: () => Promise<void>,
): Promise<void> {
  const names = Array.from({ length: 64 }, (_, i) => `flood-${Date.now()}-${i}`);
  const batches = Math.ceil(filling.count / names.length);
  await withLog(connectionString, async (log) => {
    let first = 0;
    for (let b = 0; b < batches; b++) {
      const batch = names.map((name, j): Mutation => {
        const value = configMap(filling, name, b * names.length + j);
        return { key: keyOf(filling.namespace, name), expected: first === 0 ? 0 : first + j, value };
      });
      const { base, won } = await log.commit(batch, 0);
      if (!won.every(Boolean)) throw new Error('somebody else changes what the flood changes');
      first = base + 1;
      if (b % 50 === 0) await onProgress();
    }
  });
}
