import { isDeepStrictEqual } from 'node:util';
import { is, type Draft } from '@kubephant/api';
import type { Client } from '@kubephant/client';
import type { APIService } from '@kubephant/schema';
import { ensureAll } from '../bootstrap/ensure';
import { apiServices } from '../bootstrap/refs';
import { apiServiceName, defaultPriority, isBuiltIn } from '../discovery/priorities';

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Who looks after an APIService: the server at its start, or all the time. */
const automanaged = 'kube-aggregator.kubernetes.io/automanaged';
/** The aggregation's own group stands for itself. */
const own = 'apiregistration.k8s.io';

/** The APIService of a group version that this server answers itself. */
export function localApiService({ group, version }: GroupVersion): Draft<APIService> {
  const priority = defaultPriority(group, version);
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name: apiServiceName({ group, version }),
      labels: { [automanaged]: isBuiltIn(group) ? 'onstart' : 'true' },
    },
    spec: {
      ...(group && { group }),
      version,
      groupPriorityMinimum: priority.group,
      versionPriority: priority.version,
    },
  };
}

/** The APIServices of all that is served. */
export function localApiServices(served: Iterable<GroupVersion>): readonly Draft<APIService>[] {
  const named = new Map([...served].map((one) => [apiServiceName(one), one]));
  return [...named.values()].filter(({ group }) => group !== own).map(localApiService);
}

const labelOf = ({ metadata }: Draft<APIService>): string | undefined => metadata.labels?.[automanaged];

/**
 * Makes the APIServices of what this server serves: those of built-in groups once, as upstream does, those of custom
 * resources as long as there are any. `synced` remembers what was done; administrators' own are left alone.
 */
export async function syncApiServices(
  client: Client,
  served: Iterable<GroupVersion>,
  synced: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const all = new Map(localApiServices(served).map((one) => [one.metadata.name ?? '', one]));
  const due = [...all].filter(([name, one]) => labelOf(one) === 'true' || !synced.has(name)).map(([, one]) => one);
  const there = await ensureAll(client, apiServices, due, signal);
  const api = client.resource(apiServices);
  for (const { metadata, spec } of due) {
    const stored = there.get(metadata.name ?? '');
    if (!stored || labelOf(stored) === undefined || isDeepStrictEqual(stored.spec, spec)) continue;
    await unlessRaced(api.update({ ...stored, spec }, signal));
  }
  for (const name of [...synced].filter((one) => !all.has(one))) {
    const stored = there.get(name);
    if (stored && labelOf(stored) === 'true') await unlessRaced(api.delete({ name }, signal));
    synced.delete(name);
  }
  for (const name of all.keys()) synced.add(name);
}

/** Another API server does the same. */
async function unlessRaced(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (err) {
    if (!is('Conflict', err) && !is('NotFound', err)) throw err;
  }
}
