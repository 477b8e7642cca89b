import { StatusError, type Status } from '@kubephant/api';
import type { FakeClock } from '@kubephant/base/testing';
import { encodeJson, type Reply } from '@kubephant/serving';
import type { Asked, Rig } from './rig';

/** What a client was told, reduced to what recorded answers were reduced to. */
export type Outcome =
  | { readonly code: 200; readonly kind: string; readonly items?: number }
  | { readonly code: 200; readonly events: readonly EventOutcome[] }
  | Refusal;

/** `ADDED name`, `BOOKMARK`, `BOOKMARK end`; an error with all that it says. */
export type EventOutcome = string | { readonly ERROR: Refusal };

/** A Status without what all of them have in common. */
export type Refusal = Omit<Status, 'kind' | 'apiVersion' | 'status' | 'metadata'> & {
  readonly metadata?: Status['metadata'];
};

export interface Concluded<T> {
  readonly outcome: T;
  /** By the test's clock. */
  readonly afterMs: number;
}

/** Longer than any watch may last that names no end. */
const longestMs = 3_600_000;

/** Asks, and lets time pass until everything has been told; throws when it never is. */
export async function outcomeOf(rig: Rig, request: string, asked: Asked = {}): Promise<Concluded<Outcome>> {
  return concluded(rig.clock, async () => {
    try {
      return await told(await rig.open(request, asked));
    } catch (err) {
      if (!(err instanceof StatusError)) throw err;
      return refusal(err.status);
    }
  });
}

export async function concluded<T>(clock: FakeClock, work: () => Promise<T>): Promise<Concluded<T>> {
  const start = clock.now();
  const progress = { done: false };
  const working = work()
    .then((outcome) => ({ outcome, afterMs: clock.now() - start }))
    .finally(() => (progress.done = true));
  working.catch(() => undefined);
  await clock.advance(0);
  // Most answers take no time at all.
  if (!progress.done) await clock.advance(longestMs);
  return Promise.race([working, endless()]);
}

async function endless(): Promise<never> {
  throw new Error('there is no end of it');
}

export function refusal({ kind, apiVersion, status, metadata, ...rest }: Status): Refusal {
  if (`${kind} ${apiVersion} ${status}` !== 'Status v1 Failure') throw new Error('this is no failure');
  return { ...rest, ...(Object.keys(metadata).length > 0 && { metadata }) };
}

async function told(reply: Reply): Promise<Outcome> {
  if (reply.kind === 'stream') return { code: 200, events: (await framesOf(reply)).map(eventOutcome) };
  const { kind, items } = objectOf(reply);
  return { code: 200, kind, ...(items && { items: items.length }) };
}

export async function framesOf({ chunks }: Extract<Reply, { kind: 'stream' }>): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  for await (const some of chunks) frames.push(...some);
  return frames;
}

export interface Listing {
  readonly kind: string;
  readonly metadata: {
    readonly continue?: string;
    readonly resourceVersion?: string;
    readonly remainingItemCount?: number;
  };
  readonly items?: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}

export function objectOf(reply: Reply): Listing {
  if (reply.kind === 'bytes') return JSON.parse(Buffer.concat(reply.chunks).toString()) as Listing;
  if (reply.kind === 'object') return JSON.parse(encodeJson(reply.body).toString()) as Listing;
  throw new Error(`unexpected ${reply.kind}`);
}

interface Told {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name?: string; readonly annotations?: object } };
}

function eventOutcome(frame: Uint8Array): EventOutcome {
  const { type, object } = JSON.parse(Buffer.from(frame).toString()) as Told;
  if (type === 'ERROR') return { ERROR: refusal(object as unknown as Status) };
  if (type === 'BOOKMARK') return object.metadata.annotations ? 'BOOKMARK end' : 'BOOKMARK';
  return `${type} ${object.metadata.name}`;
}
