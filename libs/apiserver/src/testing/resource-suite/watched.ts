import type { KubeObject } from '@kubephant/api';
import { decodeWatchFrame } from '@kubephant/schema';
import { newIncoming } from '@kubephant/serving/testing';
import { adminToken } from '../server';
import type { Subject } from './subject';

export interface WatchedEvent {
  readonly type: string;
  readonly object: KubeObject;
}

export interface Watched extends AsyncDisposable {
  /** All that the watch told, up to the first DELETED. */
  untilDeleted(): Promise<readonly WatchedEvent[]>;
}

/** Watches the subject's collection, in JSON or in protobuf. */
export async function watched(subject: Subject, query: string, accept = 'application/json'): Promise<Watched> {
  const end = new AbortController();
  const headers = { authorization: `Bearer ${adminToken}`, accept };
  const path = `${subject.path}?watch=1&${query}`;
  const reply = await subject.handler(newIncoming({ path, headers, signal: end.signal }));
  if (reply.kind !== 'stream') throw new Error(reply.kind);
  const chunks = reply.chunks[Symbol.asyncIterator]();
  const decode = accept === 'application/json' ? fromJson : fromBinary;
  return {
    async untilDeleted() {
      const events: WatchedEvent[] = [];
      while (!events.some(({ type }) => type === 'DELETED')) {
        const { value, done } = await chunks.next();
        if (done) throw new Error('the watch ended');
        events.push(...(value as Uint8Array[]).map(decode));
      }
      return events;
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await chunks.return?.();
    },
  };
}

const fromJson = (frame: Uint8Array): WatchedEvent => JSON.parse(Buffer.from(frame).toString()) as WatchedEvent;
const fromBinary = (frame: Uint8Array): WatchedEvent => decodeWatchFrame(frame.subarray(4)) as unknown as WatchedEvent;
