import type { ServerConfig } from '@kubephant/http-client';
import { Wire } from './wire';

/** So many watches of the same, each on a connection of its own. */
export async function openWatches(server: ServerConfig, count: number, path: string): Promise<Wire[]> {
  const wires: Wire[] = [];
  while (wires.length < count) {
    const some = await Promise.all(Array.from({ length: Math.min(50, count - wires.length) }, () => Wire.open(server)));
    const statuses = await Promise.all(some.map((wire) => wire.stream(path)));
    if (statuses.some((status) => status !== 200)) throw new Error(`a watch was refused with ${statuses.join(' ')}`);
    wires.push(...some);
  }
  return wires;
}

/** The path of a watch of all ConfigMaps of a namespace from now on. */
export async function watchPath(server: ServerConfig, namespace: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const wire = await Wire.open(server);
  const { body } = await wire.exchange('GET', `${path}?limit=1`, undefined, true);
  wire.close();
  const { metadata } = JSON.parse(body.toString()) as { metadata: { resourceVersion: string } };
  return `${path}?watch=true&resourceVersion=${metadata.resourceVersion}`;
}
