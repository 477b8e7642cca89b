import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerCondition,
  MetricSpec,
  MetricStatus,
} from '@kubephant/schema';
import { decodeValue, schemas } from '@kubephant/schema';
import { goForm } from '../validation/go-form';
import { toNewMetric, toOldMetric, type Side } from './metric-forms';

type Annotations = Readonly<Record<string, string>>;

const prefix = 'autoscaling.alpha.kubernetes.io/';
const metricsKey = `${prefix}metrics`;
const behaviorKey = `${prefix}behavior`;
const currentMetricsKey = `${prefix}current-metrics`;
const conditionsKey = `${prefix}conditions`;
const keys = [metricsKey, behaviorKey, currentMetricsKey, conditionsKey];

/** What autoscaling/v1 has no fields for. */
export interface Beyond {
  readonly metrics?: readonly MetricSpec[];
  readonly behavior?: HorizontalPodAutoscalerBehavior;
  readonly currentMetrics?: readonly MetricStatus[];
  readonly conditions?: readonly HorizontalPodAutoscalerCondition[];
}

/** Takes away the annotations that carry fields between versions. */
export function withoutRoundTrip({ metadata }: HorizontalPodAutoscaler): void {
  const { annotations } = metadata;
  if (!annotations || !keys.some((key) => Object.hasOwn(annotations, key))) return;
  const kept = Object.entries(annotations).filter(([key]) => !keys.includes(key));
  if (kept.length > 0) metadata.annotations = Object.fromEntries(kept);
  else delete metadata.annotations;
}

const behaviorForm = 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior';

/** JSON as Go writes it: safe inside HTML. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The annotations by which autoscaling/v1 carries what it has no fields for. */
export function writeAnnotations({ metrics, behavior, currentMetrics, conditions }: Beyond): Annotations {
  const said: Readonly<Record<string, unknown>> = {
    [metricsKey]: metrics?.length ? metrics.map((metric) => toOldMetric(metric, 'target')) : undefined,
    // Behavior was first written down in the words of an internal type, and still is.
    [behaviorKey]: behavior && goForm(behaviorForm, behavior),
    [currentMetricsKey]: currentMetrics?.length
      ? currentMetrics.map((metric) => toOldMetric(metric, 'current'))
      : undefined,
    [conditionsKey]: conditions?.length ? conditions : undefined,
  };
  const entries = Object.entries(said).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, goJson(value)]));
}

/** Go reads names of fields whatever their case. */
function uncapitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(uncapitalized);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), uncapitalized(item)]),
  );
}

const asNew =
  (side: Side) =>
  (value: unknown): unknown =>
    Array.isArray(value) ? value.map((metric) => toNewMetric(metric, side)) : value;

/** Where each annotation belongs, and how its value becomes that of the field. */
const fields = [
  { key: metricsKey, form: 'HorizontalPodAutoscalerSpec', field: 'metrics', make: asNew('target') },
  { key: behaviorKey, form: 'HorizontalPodAutoscalerSpec', field: 'behavior', make: uncapitalized },
  { key: currentMetricsKey, form: 'HorizontalPodAutoscalerStatus', field: 'currentMetrics', make: asNew('current') },
  { key: conditionsKey, form: 'HorizontalPodAutoscalerStatus', field: 'conditions', make: (value: unknown) => value },
] as const satisfies readonly { readonly field: keyof Beyond; readonly [part: string]: unknown }[];

/** The value of a field that an annotation says; undefined where it says none, or nothing that makes sense. */
function read(text: string, { form, field, make }: (typeof fields)[number]): unknown {
  try {
    const given = { [field]: make(JSON.parse(text)) };
    return decodeValue(schemas.get(`io.k8s.api.autoscaling.v2.${form}`), given, 'Ignore').object[field];
  } catch {
    // Upstream drops what it cannot read, and tells nobody.
    return undefined;
  }
}

const isSaid = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

export function readAnnotations(annotations: Annotations = {}): Beyond {
  const found = fields.map((one) => [one.field, read(annotations[one.key] ?? '', one)] as const);
  return Object.fromEntries(found.filter(([, value]) => isSaid(value)));
}
