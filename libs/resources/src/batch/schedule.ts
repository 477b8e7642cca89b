import { parseGoDuration } from '@kubephant/base';
import { isTimeZone } from './time-zone';

/** The values of one field of a schedule; `any` when it began with a star, which says that the other day decides. */
export interface ScheduleField {
  readonly values: ReadonlySet<number>;
  readonly any: boolean;
}

const scheduleFields = ['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'] as const;

/** When a CronJob runs: at the times of a table, or every so many milliseconds. */
export type Schedule =
  | ({ readonly kind: 'table'; readonly timeZone?: string } & Readonly<
      Record<(typeof scheduleFields)[number], ScheduleField>
    >)
  | { readonly kind: 'every'; readonly intervalMs: number };

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Words for the values from `min` on. */
  readonly words?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const bounds: Readonly<Record<(typeof scheduleFields)[number], Bounds>> = {
  minute: { min: 0, max: 59 },
  hour: { min: 0, max: 23 },
  dayOfMonth: { min: 1, max: 31 },
  month: { min: 1, max: 12, words: months },
  dayOfWeek: { min: 0, max: 6, words: days },
};

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '@yearly': '0 0 1 1 *',
    '@annually': '0 0 1 1 *',
    '@monthly': '0 0 1 * *',
    '@weekly': '0 0 * * 0',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@hourly': '0 * * * *',
  }),
);

function parseNumber(text: string): number {
  const why = /^[+-]?\d+$/.test(text) ? 'value out of range' : 'invalid syntax';
  const number = why === 'invalid syntax' ? NaN : Number(text);
  if (!Number.isSafeInteger(number))
    throw new Error(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`);
  if (number < 0) throw new Error(`negative number (${number}) not allowed: ${text}`);
  return number;
}

function parseValue(text: string, { min, words = [] }: Bounds): number {
  const word = words.indexOf(text.toLowerCase());
  return word < 0 ? parseNumber(text) : min + word;
}

function parseStep(text: string | undefined): number {
  return text === undefined ? 1 : parseNumber(text);
}

function parseRange(text: string, expression: string, field: Bounds): readonly [number, number] {
  const [from = '', to, ...more] = text.split('-');
  if (from === '*' || from === '?') return [field.min, field.max];
  const low = parseValue(from, field);
  if (to === undefined) return [low, low];
  if (more.length > 0) throw new Error(`too many hyphens: ${expression}`);
  return [low, parseValue(to, field)];
}

/** `*`, `a`, `a-b`, each with or without `/step`; `a/step` goes up to the end. */
function parseExpression(expression: string, field: Bounds): ScheduleField {
  const [range = '', stepText, ...more] = expression.split('/');
  const [low, given] = parseRange(range, expression, field);
  if (more.length > 0) throw new Error(`too many slashes: ${expression}`);
  const step = parseStep(stepText);
  const high = stepText !== undefined && !range.includes('-') ? field.max : given;
  if (low < field.min) throw new Error(`beginning of range (${low}) below minimum (${field.min}): ${expression}`);
  if (high > field.max) throw new Error(`end of range (${high}) above maximum (${field.max}): ${expression}`);
  if (low > high) throw new Error(`beginning of range (${low}) beyond end of range (${high}): ${expression}`);
  if (step === 0) throw new Error(`step of range should be a positive number: ${expression}`);
  const values = new Set<number>();
  for (let value = low; value <= high; value += step) values.add(value);
  return { values, any: /^[*?]/.test(range) && step === 1 };
}

function parseField(text: string, field: Bounds): ScheduleField {
  const parts = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => parseExpression(part, field));
  return { values: new Set(parts.flatMap(({ values }) => [...values])), any: parts.some(({ any }) => any) };
}

/** `TZ=zone` or `CRON_TZ=zone` before the rest. */
function splitZone(text: string): readonly [timeZone: string | undefined, rest: string] {
  const [whole, timeZone] = /^(?:CRON_)?TZ=([^ ]*)/.exec(text) ?? [];
  if (whole === undefined || timeZone === undefined) return [undefined, text];
  if (!['', 'UTC', 'Local'].includes(timeZone) && !isTimeZone(timeZone))
    throw new Error(`provided bad location ${timeZone}: unknown time zone ${timeZone}`);
  return [timeZone, text.slice(whole.length).trim()];
}

const every = '@every ';

function parseEvery(text: string): Schedule {
  try {
    return { kind: 'every', intervalMs: parseGoDuration(text.slice(every.length)) };
  } catch (error) {
    throw new Error(`failed to parse duration ${text}: ${(error as Error).message}`, { cause: error });
  }
}

/** Reads what cron reads (five fields, `@daily`, `@every 1h30m`); throws an Error with upstream's text. */
export function parseSchedule(text: string): Schedule {
  const [timeZone, spec] = splitZone(text);
  if (spec.startsWith(every)) return parseEvery(spec);
  const known = names.get(spec);
  if (spec.startsWith('@') && known === undefined) throw new Error(`unrecognized descriptor: ${spec}`);
  const fields = (known ?? spec).split(/\s+/).filter((field) => field !== '');
  if (fields.length !== scheduleFields.length)
    throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const table = Object.fromEntries(
    scheduleFields.map((name, index) => [name, parseField(fields[index] ?? '', bounds[name])]),
  ) as Record<(typeof scheduleFields)[number], ScheduleField>;
  return { kind: 'table', ...table, ...(timeZone && { timeZone }) };
}
