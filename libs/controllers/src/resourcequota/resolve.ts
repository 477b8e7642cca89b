import { is } from '@kubephant/api';
import type { Client, ResourceRef } from '@kubephant/client';

interface Group {
  readonly versions?: readonly { readonly version: string }[];
  readonly preferredVersion?: { readonly version: string };
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
  }[];
}

const needed = ['create', 'delete', 'list', 'watch'];

/**
 * What the server calls `deployments.apps`, in the preferred version of its group that has it; undefined: the server has
 * no such resource, or none that namespaces could use up.
 */
export async function resolve(
  client: Client,
  groupResource: string,
  signal: AbortSignal,
): Promise<ResourceRef | undefined> {
  const [plural = '', ...rest] = groupResource.split('.');
  const group = rest.join('.');
  for (const version of await versionsOf(client, group, signal)) {
    const path = group ? `/apis/${encodeURIComponent(group)}/${version}` : `/api/${version}`;
    const { resources = [] } = await ask<ResourceList>(client, path, signal);
    const found = resources.find(
      ({ name, namespaced, verbs = [] }) =>
        name === plural && namespaced && needed.every((verb) => verbs.includes(verb)),
    );
    if (found) return { group, version, plural, kind: found.kind, namespaced: true };
  }
  return undefined;
}

async function versionsOf(client: Client, group: string, signal: AbortSignal): Promise<Iterable<string>> {
  if (group === '') return ['v1'];
  const { versions = [], preferredVersion } = await ask<Group>(client, `/apis/${encodeURIComponent(group)}`, signal);
  return new Set([preferredVersion, ...versions].flatMap((each) => (each ? [each.version] : [])));
}

/** What is not there says nothing. */
async function ask<T extends object>(client: Client, path: string, signal: AbortSignal): Promise<Partial<T>> {
  try {
    return (await client.raw(path, signal)) ?? {};
  } catch (err) {
    if (is('NotFound', err)) return {};
    throw err;
  }
}
