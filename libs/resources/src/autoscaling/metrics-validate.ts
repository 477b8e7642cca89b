import { dns1123Label, pathSegment, Quantity } from '@kubephant/api';
import type {
  ContainerResourceMetricSource,
  ExternalMetricSource,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
  ResourceMetricSource,
} from '@kubephant/schema';
import { forbidden, invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { each, follows, optional, present, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { validateContainerResourceName } from '../pod-spec/resource-names';
import { validateReference } from './reference';

const targetTypes = ['Utilization', 'Value', 'AverageValue'];

const mustBePositive = (text: string, path: Path): Causes =>
  when(Quantity.parse(text).sign <= 0, () => invalidValue(path, text, 'must be positive'));

function validateTarget({ type, value, averageValue, averageUtilization }: MetricTarget, path: Path): Causes {
  const where = path.child('type');
  return [
    ...present(type, where, 'must specify a metric target type'),
    ...when(!targetTypes.includes(type), () =>
      invalidValue(where, type, 'must be either Utilization, Value, or AverageValue'),
    ),
    ...optional(value, path.child('value'), mustBePositive),
    ...optional(averageValue, path.child('averageValue'), mustBePositive),
    ...optional(averageUtilization, path.child('averageUtilization'), (share, at) =>
      when(share < 1, () => invalidValue(at, share, 'must be greater than 0')),
    ),
  ];
}

const validateMetric = ({ name }: MetricIdentifier, path: Path): Causes =>
  name ? follows(name, path.child('name'), pathSegment) : [required(path.child('name'), 'must specify a metric name')];

function validateObject({ describedObject, metric, target }: ObjectMetricSource, path: Path): Causes {
  const where = path.child('target');
  return [
    ...validateReference(describedObject, path.child('describedObject'), { mayBeCore: true }),
    ...validateMetric(metric, path.child('metric')),
    ...validateTarget(target, where),
    ...when(target.value === undefined && target.averageValue === undefined, () =>
      required(where.child('averageValue'), 'must set either a target value or averageValue'),
    ),
  ];
}

function validateExternal({ metric, target }: ExternalMetricSource, path: Path): Causes {
  const where = path.child('target');
  const { value, averageValue } = target;
  return [
    ...validateMetric(metric, path.child('metric')),
    ...validateTarget(target, where),
    ...when(value === undefined && averageValue === undefined, () =>
      required(where.child('averageValue'), 'must set either a target value for metric or a per-pod target'),
    ),
    ...when(value !== undefined && averageValue !== undefined, () =>
      forbidden(where.child('value'), 'may not set both a target value for metric and a per-pod target'),
    ),
  ];
}

const validatePods = ({ metric, target }: PodsMetricSource, path: Path): Causes => [
  ...validateMetric(metric, path.child('metric')),
  ...validateTarget(target, path.child('target')),
  ...when(target.averageValue === undefined, () =>
    required(path.child('target', 'averageValue'), 'must specify a positive target averageValue'),
  ),
];

type ResourceSource = Pick<ResourceMetricSource, 'name' | 'target'>;

/** A resource of all containers, or of one: `whose` is what must hold of that one. */
function validateResource({ name, target }: ResourceSource, path: Path, whose: Causes = none): Causes {
  const where = path.child('target');
  const { averageUtilization, averageValue } = target;
  return [
    ...present(name, path.child('name'), 'must specify a resource name'),
    ...whose,
    ...validateTarget(target, where),
    ...when(averageUtilization === undefined && averageValue === undefined, () =>
      required(where.child('averageUtilization'), 'must set either a target raw value or a target utilization'),
    ),
    ...when(averageUtilization !== undefined && averageValue !== undefined, () =>
      forbidden(where.child('averageValue'), 'may not set both a target raw value and a target utilization'),
    ),
  ];
}

const validateContainerResource = (source: ContainerResourceMetricSource, path: Path): Causes =>
  validateResource(source, path, [
    ...(source.name ? validateContainerResourceName(source.name, path.child('name')) : none),
    ...(source.container
      ? follows(source.container, path.child('container'), dns1123Label)
      : [required(path.child('container'), 'must specify a container')]),
  ]);

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];

/** In the order upstream looks for them. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;

const sourceOf = (type: string): (typeof sources)[number] | undefined =>
  types.includes(type) ? sources.find((source) => source.toLowerCase() === type.toLowerCase()) : undefined;

/** Only the first source that is there is looked into. */
function validateSource(metric: MetricSpec, path: Path): Causes {
  const { object, external, pods, resource, containerResource } = metric;
  if (object) return validateObject(object, path.child('object'));
  if (external) return validateExternal(external, path.child('external'));
  if (pods) return validatePods(pods, path.child('pods'));
  if (resource) return validateResource(resource, path.child('resource'));
  return containerResource ? validateContainerResource(containerResource, path.child('containerResource')) : none;
}

function validateMetricSpec(metric: MetricSpec, path: Path): Causes {
  const where = path.child('type');
  const expected = sourceOf(metric.type);
  const others = sources.filter((source) => metric[source] && source !== expected);
  const isCrowded = others.length > (expected && metric[expected] ? 0 : 1);
  const unsupported = when(!expected, () => notSupported(where, metric.type, types));
  return [
    ...present(metric.type, where, 'must specify a metric source type'),
    ...unsupported,
    ...validateSource(metric, path),
    ...(expected && !metric[expected]
      ? [required(path.child(expected), 'must populate information for the given metric source')]
      : unsupported),
    ...(isCrowded
      ? others.map((source) => forbidden(path.child(source), 'must populate the given metric source only'))
      : none),
  ];
}

export const validateMetrics = (metrics: readonly MetricSpec[] | undefined, path: Path): Causes =>
  each(metrics, path, validateMetricSpec);
