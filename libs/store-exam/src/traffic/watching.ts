import { StatusError } from '@kubephant/api';
import type { RecordedEvent, WatchEnd, WatchRecord } from '../history';
import type { Revision, Subject, SubjectEvent, WatchRequest } from '../subject';
import { positionOf } from '../watch-parts';
import type { Client } from './client';

/** Opens one watch, records it until it ends or `signal` aborts, and returns the record. */
export async function recordWatch(
  client: Client,
  server: Subject,
  { request, follows }: { readonly request: WatchRequest; readonly follows?: number },
  { signal, onPosition }: { readonly signal: AbortSignal; readonly onPosition: (revision: Revision) => void },
): Promise<WatchRecord> {
  const { recorder, meter } = client.setting;
  const id = recorder.newId();
  const opened = recorder.now();
  const events: RecordedEvent[] = [];
  let hasState = !request.initialEvents;
  const end = await readUntilEnd(server.watch(request, signal), signal, (event) => {
    events.push({ ...event, at: recorder.now() });
    if (event.type === 'ERROR') return;
    const revision = event.type === 'BOOKMARK' ? event.revision : event.item.revision;
    if (event.type === 'BOOKMARK') hasState ||= event.initialEventsEnd === true;
    else meter.told();
    client.heardOf(revision);
    // Initial events are not in the order of their revisions: only the bookmark at their end says how far they go.
    if (hasState) onPosition(revision);
  });
  const record: WatchRecord = {
    kind: 'watch',
    id,
    client: client.name,
    server: server.name,
    request,
    ...(follows !== undefined && { follows }),
    opened,
    events,
    ended: recorder.now(),
    end,
  };
  recorder.add(record);
  return record;
}

async function readUntilEnd(
  watch: AsyncIterable<SubjectEvent>,
  signal: AbortSignal,
  take: (event: SubjectEvent) => void,
): Promise<WatchEnd> {
  try {
    for await (const event of watch) {
      // What comes after the abort is not taken: the client has gone on elsewhere.
      if (signal.aborted) break;
      take(event);
      if (event.type === 'ERROR') return { is: 'error', reason: event.reason, message: event.message };
    }
    return { is: signal.aborted ? 'stopped' : 'closed' };
  } catch (err) {
    if (signal.aborted) return { is: 'stopped' };
    const reason = err instanceof StatusError ? err.reason : 'Error';
    return { is: 'error', reason, message: err instanceof Error ? err.message : String(err) };
  }
}

/** Where to go on after a watch: undefined when one has to list again, because there was no state or it is gone. */
export function resumption(record: WatchRecord): { readonly after: number; readonly follows: number } | undefined {
  const isGone = record.end.reason === 'Expired' || record.end.reason === 'Gone';
  const position = positionOf(record);
  return isGone || position === undefined ? undefined : { after: position, follows: record.id };
}
