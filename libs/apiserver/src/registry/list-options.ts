import { parseFieldSelector, parseLabelSelector, type Cause, type FieldSelector, type Selector } from '@kubephant/api';
import { defined } from './defined';
import { booleanParam, integerParam, secondsParam } from './query';
import { throwIfInvalid, unsupported } from './options';

/** ListOptions as the query gives them, with defaults, checked by upstream's rules for lists and watches. */
export interface ListQuery {
  /** What the query says: a watch by the old `/watch/` path may say nothing, and is then checked as a list is. */
  readonly watch: boolean;
  readonly labels?: Selector;
  readonly fields?: FieldSelector;
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
  readonly match: string;
  /** How long a watch is to last; 0 is as if it did not say, and negative is over already. */
  readonly timeoutMs?: number;
  readonly bookmarks: boolean;
  readonly sendInitialEvents?: boolean;
}

export function listQuery(query: URLSearchParams, watch = booleanParam(query, 'watch') ?? false): ListQuery {
  const text = (name: string): string => query.get(name) ?? '';
  const [labels, fields] = [text('labelSelector'), text('fieldSelector')];
  const parsed = withInitialEvents(
    defined({
      watch,
      timeoutMs: secondsParam(query, 'timeoutSeconds'),
      limit: Math.max(0, integerParam(query, 'limit') ?? 0),
      labels: labels === '' ? undefined : parseLabelSelector(labels),
      fields: fields === '' ? undefined : parseFieldSelector(fields),
      continue: text('continue'),
      resourceVersion: text('resourceVersion'),
      match: text('resourceVersionMatch'),
      bookmarks: booleanParam(query, 'allowWatchBookmarks') ?? false,
      sendInitialEvents: booleanParam(query, 'sendInitialEvents'),
    }),
  );
  throwIfInvalid('ListOptions', watch ? [...watchCauses(parsed)] : listCauses(parsed));
  return parsed;
}

/** A watch from the state on asks for it as a streaming list does, whether it knows or not (KEP-3157). */
function withInitialEvents(options: ListQuery): ListQuery {
  const { watch, resourceVersion, match, sendInitialEvents } = options;
  const fromState = resourceVersion === '' || resourceVersion === '0';
  if (!watch || !fromState || match !== '' || sendInitialEvents !== undefined) return options;
  return { ...options, match: 'NotOlderThan', sendInitialEvents: true };
}

const matchForbidden = (why: string): Cause => ({
  reason: 'FieldValueForbidden',
  field: 'resourceVersionMatch',
  message: `Forbidden: ${why}`,
});

const withContinue = matchForbidden('resourceVersionMatch is forbidden when continue is provided');

function* listMatchCauses({ match, resourceVersion, continue: token }: ListQuery): Generator<Cause> {
  if (match === '') return;
  if (resourceVersion === '') {
    yield matchForbidden('resourceVersionMatch is forbidden unless resourceVersion is provided');
  }
  if (token !== '') yield withContinue;
  const known = ['Exact', 'NotOlderThan', ''];
  if (!known.includes(match)) yield unsupported('resourceVersionMatch', match, known);
  if (match === 'Exact' && resourceVersion === '0') {
    yield matchForbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
}

function listCauses(options: ListQuery): readonly Cause[] {
  const causes = [...listMatchCauses(options)];
  if (options.sendInitialEvents === undefined) return causes;
  const message = 'Forbidden: sendInitialEvents is forbidden for list';
  return [...causes, { reason: 'FieldValueForbidden', field: 'sendInitialEvents', message }];
}

function* watchCauses({ match, sendInitialEvents, continue: token }: ListQuery): Generator<Cause> {
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    yield matchForbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (match === '') return;
  if (sendInitialEvents === undefined) {
    yield matchForbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  if (match !== 'NotOlderThan') yield unsupported('resourceVersionMatch', match, ['NotOlderThan']);
  if (token !== '') yield withContinue;
}
