import type { Answer, Case, Step } from './case';

/**
 * A file of mutations: objects, each followed by what is changed in it one at a time and what is answered. The first
 * line holds phrases that many answers share, `§0` stands for the first of them; whole cases may stand between.
 */
export type MutationLine = Phrases | Original | Mutation | Case;

interface Phrases {
  readonly phrases: readonly string[];
}

/** An object, and the request that is made with each of its mutations. */
interface Original {
  /** Goes before the name of each case. */
  readonly of: string;
  readonly ask: string;
  readonly object: unknown;
  /** `kind.group` as errors say it. */
  readonly kind: string;
  /** What is asked before: the object itself for an update, so that `<0/metadata/uid>` is its uid. */
  readonly before?: { readonly ask: string; readonly warnings?: readonly string[] };
}

interface Mutation {
  /** `delete /p`, or a change by what it does: `type /p`, `empty /p`, `bad /p`, `neg /p`, `zero /p`. */
  readonly do?: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly delete?: readonly string[];
  /** Added to the query. */
  readonly query?: string;
  readonly answer: number | ShortAnswer;
}

interface ShortAnswer {
  readonly status: number;
  readonly warnings?: readonly string[];
  /** What is found at these JSON pointers of the answered object. */
  readonly parts?: Readonly<Record<string, unknown>>;
  /** `field: message` of each cause; the message of the whole is made of them, each once. */
  readonly causes?: readonly string[];
  /** What errors call the object, where that is not its name. */
  readonly name?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: object;
}

export function casesOfMutations(lines: readonly MutationLine[]): readonly Case[] {
  let phrases: readonly string[] = [];
  let original: Original | undefined;
  const cases: Case[] = [];
  for (const line of lines) {
    if ('steps' in line) cases.push(line);
    else if ('phrases' in line) phrases = line.phrases;
    else if ('of' in line) original = line;
    else if (original) cases.push(caseOf(original, line, phrases));
  }
  return cases;
}

function caseOf(original: Original, mutation: Mutation, phrases: readonly string[]): Case {
  const body = changed(original.object, mutation);
  const { ask, warnings = [] } = original.before ?? {};
  const before: readonly Step[] = ask ? [{ ask, answer: { status: 200, warnings } }] : [];
  const query = mutation.query ? `&${mutation.query}` : '';
  const answer = answerOf(mutation.answer, { kind: original.kind, body, phrases });
  const headers = { 'content-type': 'application/json' };
  return { name: nameOf(original, mutation), steps: [...before, { ask: original.ask + query, headers, body, answer }] };
}

function nameOf({ of: object }: Original, { do: done, set = {}, delete: deleted = [], query = '' }: Mutation): string {
  const sets = Object.entries(set).map(([pointer, value]) => `${pointer} = ${JSON.stringify(value)}`);
  const parts = [done ?? '', ...deleted.map((pointer) => `- ${pointer}`), ...sets, query];
  return `${object}: ${parts.filter(Boolean).join('; ')}`;
}

interface Said {
  readonly kind: string;
  readonly body: unknown;
  readonly phrases: readonly string[];
}

function answerOf(short: number | ShortAnswer, said: Said): Answer {
  if (typeof short === 'number') return { status: short };
  const { status, warnings = [], parts } = short;
  const common = { status, warnings: warnings.map((text) => spoken(text, said.phrases)) };
  if (status < 400) return { ...common, ...(parts && { parts }) };
  return {
    ...common,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...failure(short, said) },
  };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
};

function failure(short: ShortAnswer, said: Said): object {
  const { status: code, causes, details, message = '', reason = reasons[code] } = short;
  if (causes) return invalid(causes, short.name ?? nameIn(said.body), said);
  return { message: spoken(message, said.phrases), ...(reason && { reason }), ...(details && { details }), code };
}

function nameIn(body: unknown): string {
  const { metadata } = body as { readonly metadata?: { readonly name?: string } | null };
  return metadata?.name ?? '';
}

function invalid(causes: readonly string[], name: string, said: Said): object {
  const found = causes.map((text) => causeOf(spoken(text, said.phrases)));
  const texts = [...new Set(found.map(({ field, message: text }) => `${field}: ${text}`))];
  const whole = texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`;
  const [kind = '', ...group] = said.kind.split('.');
  const about = { ...(name && { name }), ...(group.length > 0 && { group: group.join('.') }), kind, causes: found };
  return {
    message: `${said.kind} ${JSON.stringify(name)} is invalid: ${whole}`,
    reason: 'Invalid',
    details: about,
    code: 422,
  };
}

const kindsOfCause: Readonly<Record<string, string>> = {
  'Duplicate value': 'FieldValueDuplicate',
  Forbidden: 'FieldValueForbidden',
  'Internal error': 'InternalError',
  'Invalid value': 'FieldValueInvalid',
  'Not found': 'FieldValueNotFound',
  'Required value': 'FieldValueRequired',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
  'Unsupported value': 'FieldValueNotSupported',
};

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

function causeOf(text: string): Cause {
  const end = text.indexOf(': ');
  const [field, message] = [text.slice(0, end), text.slice(end + 2)];
  const kind = Object.keys(kindsOfCause).find((head) => message.startsWith(head)) ?? '';
  return { reason: kindsOfCause[kind] ?? '', message, field };
}

const spoken = (text: string, phrases: readonly string[]): string =>
  text.replace(/§(\d+)/g, (_, index: string) => phrases[Number(index)] ?? '');

type Holder = Record<string, unknown>;

const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The object with the changes made: missing parents are created, `-` appends. */
function changed(object: unknown, mutation: Mutation): unknown {
  const root = structuredClone(object);
  const { set = {}, delete: deleted = [] } = mutation.do ? generated(mutation.do, object) : mutation;
  for (const pointer of deleted) {
    const [holder, key] = locate(root, pointer);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  }
  for (const [pointer, value] of Object.entries(set)) {
    const [holder, key] = locate(root, pointer);
    holder[key] = repeated(value);
  }
  return root;
}

function locate(root: unknown, pointer: string): readonly [Holder, string] {
  const path = stepsOf(pointer);
  let here = root as Holder;
  path.slice(0, -1).forEach((step, index) => {
    const key = keyIn(here, step);
    here[key] ??= /^(\d+|-)$/.test(path[index + 1] ?? '') ? [] : {};
    here = here[key] as Holder;
  });
  return [here, keyIn(here, path.at(-1) ?? '')];
}

const keyIn = (holder: Holder, step: string): string =>
  Array.isArray(holder) && step === '-' ? String(holder.length) : step;

/** `{"$repeat": ["a", 254]}` stands for a long text. */
function repeated(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(repeated);
  const { $repeat: times } = value as { readonly $repeat?: readonly [string, number] };
  if (times) return times[0].repeat(times[1]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, repeated(item)]));
}

type Changes = Pick<Mutation, 'set' | 'delete'>;

/** The value that stands for a kind of mistake, by what was there before. */
const mistakes: Readonly<Record<string, (before: unknown) => unknown>> = {
  type: (before) => (typeof before === 'string' ? 123 : 'abc'),
  empty: (before) => (typeof before === 'string' ? '' : Array.isArray(before) ? [] : {}),
  bad: () => 'Bad_Value!',
  neg: () => -1,
  zero: () => 0,
};

function generated(done: string, object: unknown): Changes {
  const [verb = '', pointer = ''] = done.split(/ (.*)/s);
  const mistake = mistakes[verb];
  if (!mistake) return { delete: [pointer] };
  const before = stepsOf(pointer).reduce<unknown>((value, step) => (value as Holder | undefined)?.[step], object);
  return { set: { [pointer]: mistake(before) } };
}
