import { StatusError, type KubeObject, type WatchEvent } from '@kubephant/api';
import { readLines } from './body';
import { isStatus } from './failure';

const initialEventsEnd = 'k8s.io/initial-events-end';

interface WireEvent {
  readonly type: string;
  readonly object: KubeObject;
}

/** The events of a watch body: one JSON document per line. An ERROR event is thrown as the StatusError it carries. */
export async function* decodeWatch<T extends KubeObject>(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of readLines(body)) yield decodeEvent<T>(JSON.parse(line) as WireEvent);
}

function decodeEvent<T extends KubeObject>({ type, object }: WireEvent): WatchEvent<T> {
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: object as T };
    case 'BOOKMARK': {
      const { resourceVersion, annotations } = object.metadata;
      const atEnd = annotations?.[initialEventsEnd] === 'true';
      return { type, resourceVersion, ...(atEnd && { initialEventsEnd: true }) };
    }
    case 'ERROR':
      throw isStatus(object) ? StatusError.fromStatus(object) : new Error('the watch ended with an unknown error');
    default:
      throw new Error(`unknown watch event type ${JSON.stringify(type)}`);
  }
}
