import { addons } from './addons';
import type { Api } from './api';
import type { LocalImage } from './images';
import type { Layout, NodeLayout } from './layout';
import { routePods } from './network';
import { forgetNode } from './node-removal';
import { importImages } from './nodes';
import type { Progress } from './progress';
import { until } from './wait';

const readyMs = 60_000;

export interface Started {
  readonly layout: Layout;
  readonly images: readonly LocalImage[];
  readonly api: Api;
  /** Stopped already, and to be forgotten. */
  readonly surplus: readonly NodeLayout[];
}

/** Waits for every part of a cluster whose processes have been started, and gives it what it needs from outside. */
export async function makeReady(
  { layout, images, surplus, api }: Started,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await progress.step('API server ready', () =>
    until(() => api.ready(signal), { what: 'the API server', timeoutMs: readyMs }, signal),
  );
  for (const node of surplus) {
    await progress.step(`${node.name} removed`, async () => {
      await api.removeNode(node.name, signal);
      // The directory is the record that there is a node to remove: it goes last.
      await forgetNode(node);
    });
  }
  await progress.step('cluster objects', async () => {
    for (const addon of addons(layout)) await api.apply(addon, signal);
  });
  if (layout.nodes.length > 0) {
    if (images.length > 0) await progress.step('images imported', () => importAll(layout, images, signal));
    await progress.step('nodes ready', () => nodesReady(layout, api, signal));
  }
  await progress.step('DNS ready', () =>
    until(() => api.dnsReady(signal), { what: 'the DNS server', timeoutMs: readyMs }, signal),
  );
}

async function importAll(layout: Layout, images: readonly LocalImage[], signal: AbortSignal): Promise<void> {
  for (const node of layout.nodes) {
    await until(
      () => importImages(node, images).then(() => true),
      { what: `containerd of ${node.name}`, timeoutMs: readyMs },
      signal,
    );
  }
}

async function nodesReady(layout: Layout, api: Api, signal: AbortSignal): Promise<string> {
  for (const node of layout.nodes) {
    await until(() => api.nodeReady(node.name, signal), { what: node.name, timeoutMs: readyMs }, signal);
    const podCidr = await api.podCidr(node.name, signal);
    if (node.namespace !== undefined && podCidr !== undefined) await routePods(node, podCidr);
  }
  return layout.nodes.map(({ name }) => name).join(', ');
}
