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

/**
 * Makes the APIServices of what this server serves, corrects those of custom resources, and deletes those of group
 * versions that it has served before and does not any more. Administrators' own are left alone.
 */
export async function syncApiServices(
  client: Client,
  served: Iterable<GroupVersion>,
  once: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const wanted = localApiServices(served);
  const names = new Set(wanted.map(({ metadata }) => metadata.name ?? ''));
  const there = await ensureAll(client, apiServices, wanted, signal);
  const api = client.resource(apiServices);
  const kept = (apiService: APIService | undefined): apiService is APIService =>
    apiService?.metadata.labels?.[automanaged] === 'true';
  for (const { metadata, spec } of wanted) {
    const stored = there.get(metadata.name ?? '');
    if (kept(stored) && !isDeepStrictEqual(stored.spec, spec))
      await unlessRaced(api.update({ ...stored, spec }, signal));
  }
  for (const name of [...once].filter((one) => !names.has(one))) {
    if (kept(there.get(name))) await unlessRaced(api.delete({ name }, signal));
    once.delete(name);
  }
  for (const name of names) once.add(name);
}

/** Another API server does the same. */
async function unlessRaced(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (err) {
    if (!is('Conflict', err) && !is('NotFound', err)) throw err;
  }
}
