import { setImmediate as turn } from 'node:timers/promises';
import type { Reply } from '@kubephant/serving';
import type { Asked, Rig } from './rig';

export interface Watching {
  readonly frames: Uint8Array[];
  readonly reply: Extract<Reply, { kind: 'stream' }>;
  ended(): boolean;
  /** Waits until so many frames have come: when, is the store's business. */
  told(frames: number): Promise<void>;
  /** Ends it once it has told what there is to tell. */
  stop(frames: number): Promise<void>;
}

/** Opens a watch and keeps what it tells; it is open when this resolves. */
export async function watching(rig: Rig, request: string, asked: Asked = {}): Promise<Watching> {
  const end = new AbortController();
  const reply = await rig.open(request, { ...asked, signal: end.signal });
  if (reply.kind !== 'stream') throw new Error(reply.kind);
  const frames: Uint8Array[] = [];
  let ended = false;
  const collecting = (async () => {
    for await (const chunks of reply.chunks) frames.push(...chunks);
    ended = true;
  })();
  await rig.clock.advance(0);
  const told = async (count: number): Promise<void> => {
    while (frames.length < count && !ended) await turn();
    await rig.clock.advance(0);
  };
  return {
    frames,
    reply,
    ended: () => ended,
    told,
    async stop(count) {
      await told(count);
      end.abort();
      await collecting;
    },
  };
}

const configMaps = '/api/v1/namespaces/w/configmaps';
const merge = { 'content-type': 'application/merge-patch+json' };

/** The state that recorded watches began with: a, and b with the label `x=1`. */
export async function prepare({ ask }: Pick<Rig, 'ask'>): Promise<void> {
  const data = { a: '1' };
  await ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' }, data } });
  await ask(`POST ${configMaps}`, { body: { metadata: { name: 'b', labels: { x: '1' } }, data } });
}

/**
 * Everything that can happen to an object: c comes, changes, leaves `x=1`, changes outside, comes back, is held, goes; d
 * comes and goes. The pause is taken while c is outside. Gives the versions that upstream tells who does this.
 */
export async function operate(
  { ask }: Pick<Rig, 'ask'>,
  pause: () => Promise<void> = async () => {},
): Promise<readonly number[]> {
  const data = { a: '1' };
  const versions: number[] = [];
  const act = async (request: string, asked: Asked = {}): Promise<void> => {
    const { metadata } = (await ask(request, asked)).body as { metadata: { resourceVersion?: string } };
    if (metadata.resourceVersion) versions.push(Number(metadata.resourceVersion));
  };
  const patch = (body: object) => act(`PATCH ${configMaps}/c`, { headers: merge, body });
  await act(`POST ${configMaps}`, { body: { metadata: { name: 'c', labels: { x: '1' } }, data } });
  await patch({ data: { a: '2' } });
  await patch({ data: { a: '2' } });
  await patch({ metadata: { labels: { x: '2' } } });
  await pause();
  await patch({ data: { a: '3' } });
  await patch({ metadata: { labels: { x: '1' } } });
  await patch({ metadata: { finalizers: ['example.com/h'] } });
  await act(`DELETE ${configMaps}/c`);
  // Answered as it was before; only watches learn the version at which it went.
  await ask(`PATCH ${configMaps}/c`, { headers: merge, body: { metadata: { finalizers: null } } });
  await act(`POST ${configMaps}`, { body: { metadata: { name: 'd' }, data } });
  await act(`DELETE ${configMaps}/d`);
  return versions;
}
