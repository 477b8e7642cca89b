import {
  badRequest,
  parseFieldSelector,
  parseLabelSelector,
  StatusError,
  type Cause,
  type FieldSelector,
  type Selector,
} from '@kubephant/api';
import { defined } from './defined';
import { booleanParam, integerParam, revisionProblem } from './query';
import { throwIfInvalid, unsupported } from './options';

/** ListOptions as the query gives them, checked by upstream's rules for lists and watches. */
export interface ListQuery {
  readonly watch: boolean;
  readonly labels?: Selector;
  readonly fields?: FieldSelector;
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
  readonly match: string;
  readonly timeoutSeconds?: number;
  readonly bookmarks: boolean;
  readonly sendInitialEvents?: boolean;
}

export function listQuery(query: URLSearchParams, watch = booleanParam(query, 'watch') ?? false): ListQuery {
  const text = (name: string): string => query.get(name) ?? '';
  const [labels, fields] = [text('labelSelector'), text('fieldSelector')];
  const parsed: ListQuery = defined({
    watch,
    limit: Math.max(0, integerParam(query, 'limit') ?? 0),
    timeoutSeconds: integerParam(query, 'timeoutSeconds'),
    labels: labels === '' ? undefined : parseLabelSelector(labels),
    fields: fields === '' ? undefined : parseFieldSelector(fields),
    continue: text('continue'),
    resourceVersion: text('resourceVersion'),
    match: text('resourceVersionMatch'),
    bookmarks: booleanParam(query, 'allowWatchBookmarks') ?? false,
    sendInitialEvents: booleanParam(query, 'sendInitialEvents'),
  });
  throwIfInvalid('ListOptions', watch ? watchCauses(parsed) : listCauses(parsed));
  return parsed;
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

function watchCauses(options: ListQuery): readonly Cause[] {
  const { match, sendInitialEvents } = options;
  const causes: Cause[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    causes.push(matchForbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match !== '' && sendInitialEvents === undefined) {
    causes.push(matchForbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  }
  if (match !== '' && match !== 'NotOlderThan') {
    causes.push(unsupported('resourceVersionMatch', match, ['NotOlderThan']));
  }
  if (options.continue !== '') causes.push(withContinue);
  return causes;
}

/** The revision a get or a watch asks for; undefined when none. Garbage is a 500 there, as upstream. */
export function readRevision(text: string): number | undefined {
  if (text === '') return undefined;
  const problem = revisionProblem(text);
  if (problem) throw new StatusError('', `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${problem}`);
  return Number(text);
}

/** The revision a list asks for. Garbage is a 400 there. */
export function listRevision(text: string): number | undefined {
  const problem = text === '' ? undefined : revisionProblem(text);
  if (problem) {
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: ${problem}`);
  }
  return text === '' ? undefined : Number(text);
}
