type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wanted of a metric, or what was measured: names of fields differ by this word alone. */
export type Side = 'target' | 'current';

/** Where a field is in autoscaling/v1, and where in autoscaling/v2; `{}` stands for the side. */
interface Pair {
  readonly old: string;
  readonly path: string;
  /** Sides on which the older form always has the field, as 0 where nothing is said. */
  readonly always?: readonly Side[];
}

const both: readonly Side[] = ['target', 'current'];
const measured: readonly Side[] = ['current'];

const resource: readonly Pair[] = [
  { old: 'name', path: 'name' },
  { old: '{}AverageUtilization', path: '{}.averageUtilization' },
  { old: '{}AverageValue', path: '{}.averageValue', always: measured },
];

/** How each type of metric was written in the annotations of autoscaling/v1, in the order of its fields. */
const forms: Readonly<Record<string, readonly Pair[]>> = {
  object: [
    { old: 'target', path: 'describedObject' },
    { old: 'metricName', path: 'metric.name' },
    { old: '{}Value', path: '{}.value', always: both },
    { old: 'selector', path: 'metric.selector' },
    { old: 'averageValue', path: '{}.averageValue' },
  ],
  pods: [
    { old: 'metricName', path: 'metric.name' },
    { old: '{}AverageValue', path: '{}.averageValue', always: both },
    { old: 'selector', path: 'metric.selector' },
  ],
  resource,
  containerResource: [...resource, { old: 'container', path: 'container' }],
  external: [
    { old: 'metricName', path: 'metric.name' },
    { old: 'metricSelector', path: 'metric.selector' },
    { old: '{}Value', path: '{}.value', always: measured },
    { old: '{}AverageValue', path: '{}.averageValue' },
  ],
};

const fieldOf = ({ old }: Pair, side: Side): string => old.replace('{}', side);
const stepsOf = ({ path }: Pair, side: Side): readonly string[] => path.replace('{}', side).split('.');

const valueAt = (from: Json, steps: readonly string[]): unknown =>
  steps.reduce<unknown>((value, step) => (isJson(value) ? value[step] : undefined), from);

function putAt(into: Json, [first = '', second]: readonly string[], value: unknown): void {
  if (second === undefined) into[first] = value;
  else into[first] = { ...(into[first] as Json | undefined), [second]: value };
}

/** One metric as annotations of autoscaling/v1 have it. */
export function toOldMetric(metric: object, side: Side): Json {
  const given = metric as Json;
  const shown: Json = { type: given['type'] };
  for (const [type, pairs] of Object.entries(forms)) {
    const source = given[type];
    if (!isJson(source)) continue;
    const fields = pairs.map((pair) => {
      const value = valueAt(source, stepsOf(pair, side)) ?? (pair.always?.includes(side) ? '0' : undefined);
      return [fieldOf(pair, side), value] as const;
    });
    shown[type] = Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  return shown;
}

/** A zero beside another amount was only written because the older form always has that field. */
function isFiller(pair: Pair, side: Side, source: Json, pairs: readonly Pair[]): boolean {
  const amounts = pairs.filter(({ path }) => path.startsWith('{}'));
  const others = amounts.filter((other) => other !== pair && source[fieldOf(other, side)] !== undefined);
  return (pair.always?.includes(side) ?? false) && source[fieldOf(pair, side)] === '0' && others.length > 0;
}

/** Which of the amounts a target of autoscaling/v1 was, as it did not say. */
function targetType({ value, averageValue, averageUtilization }: Json): string {
  if (averageUtilization !== undefined) return 'Utilization';
  return value !== undefined && averageValue === undefined ? 'Value' : 'AverageValue';
}

/** The metric an annotation of autoscaling/v1 says, not checked yet. */
export function toNewMetric(given: unknown, side: Side): unknown {
  if (!isJson(given)) return given;
  const shown: Json = { type: given['type'] };
  for (const [type, pairs] of Object.entries(forms)) {
    const source = given[type];
    if (!isJson(source)) continue;
    const made: Json = { [side]: {} };
    for (const pair of pairs) {
      const value = source[fieldOf(pair, side)];
      if (value !== undefined && !isFiller(pair, side, source, pairs)) putAt(made, stepsOf(pair, side), value);
    }
    if (side === 'target') made['target'] = { type: targetType(made['target'] as Json), ...(made['target'] as Json) };
    shown[type] = made;
  }
  return shown;
}
