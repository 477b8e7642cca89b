import type { LimitRange, LimitRangeItem } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { createdAtColumn, nameColumn } from '../print/columns';
import { listOf } from '../validation/checks';
import { validateLimitRange } from './limitrange-validate';

type Amounts = Record<string, string>;

const withMissing = (amounts: Amounts | undefined, others: Amounts | undefined): Amounts => ({ ...others, ...amounts });

/** What is said of one bound of a container says something of the bounds within it. */
function setContainerDefaults(item: LimitRangeItem): void {
  const limits = withMissing(item.default, item.max);
  const requests = withMissing(withMissing(item.defaultRequest, limits), item.min);
  put(item, 'default', limits);
  put(item, 'defaultRequest', requests);
}

function put(item: LimitRangeItem, field: 'default' | 'defaultRequest', amounts: Amounts): void {
  if (Object.keys(amounts).length > 0) item[field] = amounts;
}

export const limitRanges: ResourceDefinition = defineResource<LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  scope: 'Namespaced',
  names: { plural: 'limitranges', singular: 'limitrange', short: ['limits'] },
  schema: 'io.k8s.api.core.v1.LimitRange',
  createOnUpdate: true,
  columns: [nameColumn, createdAtColumn],
  defaults({ spec }) {
    for (const item of listOf(spec.limits)) if (item.type === 'Container') setContainerDefaults(item);
  },
  strategy: {
    prepareForCreate({ metadata }) {
      metadata.name ||= metadata.uid;
    },
    validate: validateLimitRange,
    validateUpdate: validateLimitRange,
  },
});
