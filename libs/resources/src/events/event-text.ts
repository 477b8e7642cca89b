import type { CoreEvent } from './event-types';
import type { Column } from '../definition';
import { nameColumn, text, wideText } from '../print/columns';
import { age } from '../print/duration';

const joined = (component: string | undefined, host: string | undefined): string =>
  host ? `${component ?? ''}, ${host}` : (component ?? '');

function sourceText({ source, reportingComponent, reportingInstance }: CoreEvent): string {
  return source?.component ? joined(source.component, source.host) : joined(reportingComponent, reportingInstance);
}

function objectText({ involvedObject: { kind = '', name } }: CoreEvent): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

const firstSeen = (event: CoreEvent, now: Date): string => age(event.firstTimestamp ?? event.eventTime, now);

const lastSeen = (event: CoreEvent, now: Date): string => {
  const last = event.series?.lastObservedTime ?? event.lastTimestamp;
  return last ? age(last, now) : firstSeen(event, now);
};

const countOf = ({ series, count }: CoreEvent): number => (series ? series.count : (count ?? 0)) || 1;

/** The columns of events, in the stored form. */
export const eventColumns: readonly Column<CoreEvent>[] = [
  text('Last Seen', 'Time since it happened last.', lastSeen),
  text('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
  text('Reason', 'Why, in one word.', ({ reason }) => reason ?? ''),
  text('Object', 'What it is about.', objectText),
  wideText('Subobject', 'The part of the object it is about.', ({ involvedObject }) => involvedObject.fieldPath ?? ''),
  wideText('Source', 'Who reports it.', sourceText),
  text('Message', 'What happened.', ({ message }) => (message ?? '').trim()),
  wideText('First Seen', 'Time since it happened first.', firstSeen),
  wideText('Count', 'How often it happened.', countOf),
  { ...nameColumn, wide: true },
];
