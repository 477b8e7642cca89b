import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerV1 } from '@kubephant/schema';
import { defineResource, type ResourceDefinition, type Strategy } from '../definition';
import { toV1, toV2 } from './convert';
import { setDefaults } from './defaults';
import { columns, names } from './horizontalpodautoscalers';
import { validate, validateStatus, validateUpdate } from './validate';

/** Changes an object as its newer form is changed. */
function changeAsV2(hpa: HorizontalPodAutoscalerV1, change: (newer: HorizontalPodAutoscaler) => void): void {
  const newer = toV2(hpa);
  change(newer);
  const { metadata, spec, status } = toV1(newer);
  Object.assign(hpa, { metadata, spec, status });
}

/** Annotations carry parts of spec and status: those of the part that is not written are taken from `old`. */
const keep =
  (part: 'spec' | 'status') =>
  (hpa: HorizontalPodAutoscalerV1, old: HorizontalPodAutoscalerV1): void =>
    changeAsV2(hpa, (newer) => Object.assign(newer, { [part]: toV2(old)[part] }));

const strategy: Strategy<HorizontalPodAutoscalerV1> = {
  prepareForCreate: (hpa) =>
    changeAsV2(hpa, (newer) => {
      delete newer.status;
    }),
  prepareForUpdate: keep('status'),
  validate: (hpa) => validate(toV2(hpa)),
  validateUpdate: (hpa, old) => validateUpdate(toV2(hpa), toV2(old)),
};

/** autoscaling/v1: the older form, which has fields for one metric and puts the rest into annotations. */
export const horizontalPodAutoscalersV1: ResourceDefinition = defineResource<HorizontalPodAutoscalerV1>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  scope: 'Namespaced',
  names,
  schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  columns,
  defaults(hpa) {
    hpa.spec.minReplicas ??= 1;
    changeAsV2(hpa, () => undefined);
  },
  strategy,
  subresources: {
    status: {
      kind: 'status',
      strategy: { prepareForUpdate: keep('spec'), validateUpdate: (hpa) => validateStatus(toV2(hpa)) },
    },
  },
  storedAs: {
    group: 'autoscaling',
    version: 'v2',
    toStored(hpa) {
      const stored = toV2(hpa);
      setDefaults(stored);
      return stored;
    },
    fromStored: (obj) => toV1(obj as HorizontalPodAutoscaler),
  },
});
