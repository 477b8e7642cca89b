import { is } from '@kubephant/api';
import type { Client, ResourceRef } from './client';

/** A resource as the server offers it, in its group's preferred version that has it. */
export interface DiscoveredResource extends ResourceRef {
  readonly verbs: readonly string[];
}

export interface Discovery {
  readonly resources: readonly DiscoveredResource[];
  /** `group/version` that could not be asked: what it holds is unknown. */
  readonly failed: readonly string[];
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
  }[];
}

interface GroupList {
  readonly groups?: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
}

/** Every resource the server serves, without subresources, each once. Rejects when not even the groups can be listed. */
export async function discover(client: Client, signal: AbortSignal): Promise<Discovery> {
  const { groups = [] } = (await client.raw('/apis', signal)) as GroupList;
  const resources = new Map<string, DiscoveredResource>();
  const failed: string[] = [];
  const ask = async (group: string, version: string): Promise<void> => {
    const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
    try {
      for (const resource of offered((await client.raw(path, signal)) as ResourceList, group, version)) {
        const id = `${group}/${resource.plural}`;
        if (!resources.has(id)) resources.set(id, resource);
      }
    } catch (err) {
      if (signal.aborted) throw err;
      // Gone since the groups were listed; anything else leaves us not knowing.
      if (!is('NotFound', err)) failed.push(group ? `${group}/${version}` : version);
    }
  };
  await ask('', 'v1');
  for (const { name, versions, preferredVersion } of groups) {
    const preferred = preferredVersion?.version;
    const all = new Set([...(preferred ? [preferred] : []), ...versions.map(({ version }) => version)]);
    for (const version of all) await ask(name, version);
  }
  return { resources: [...resources.values()], failed };
}

function offered({ resources = [] }: ResourceList, group: string, version: string): readonly DiscoveredResource[] {
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs = [] }) => ({ group, version, plural: name, kind, namespaced, verbs }));
}
