import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '@kubephant/schema';

const unknown = '<unknown>';
const percent = (share: number | undefined, otherwise: string): string =>
  share === undefined ? otherwise : `${share}%`;

type Amounts = { readonly value?: string; readonly averageValue?: string; readonly averageUtilization?: number };
type Source = 'external' | 'pods' | 'object' | 'resource' | 'containerResource';

const sources: Readonly<Record<string, Source>> = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

/** `cpu: 55%/70%`, or by amount. */
function resourceText(name: string, target: Amounts, current: Amounts | undefined): string {
  const { averageValue, averageUtilization } = target;
  return averageValue === undefined
    ? `${name}: ${percent(current?.averageUtilization, unknown)}/${percent(averageUtilization, '<auto>')}`
    : `${name}: ${current?.averageValue ?? unknown}/${averageValue}`;
}

function amountText(source: Source, target: Amounts, current: Amounts | undefined): string {
  if (source === 'pods') return `${current?.averageValue ?? unknown}/${target.averageValue ?? ''}`;
  return target.averageValue === undefined
    ? `${current?.value ?? unknown}/${target.value ?? ''}`
    : `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  const source = sources[spec.type];
  const wanted = source && spec[source];
  if (!wanted) return '<unknown type>';
  const current = status?.[source]?.current;
  return 'name' in wanted
    ? resourceText(wanted.name, wanted.target, current)
    : amountText(source, wanted.target, current);
}

const shown = 2;

/** What is measured, of what is aimed at: the first two metrics, and how many more there are. */
export function targetsText({ spec: { metrics = [] }, status }: HorizontalPodAutoscaler): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, index) => metricText(metric, status?.currentMetrics?.[index]));
  const head = texts.slice(0, shown).join(', ');
  return texts.length > shown ? `${head} + ${texts.length - shown} more...` : head;
}
