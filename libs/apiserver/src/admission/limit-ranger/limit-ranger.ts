import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, RequestInfo } from '@kubephant/serving';
import type { AdmissionDependencies } from '../objects';
import { refuse } from '../refuse';
import { aggregate } from '../several';
import { claimProblems, podProblems } from './constraints';
import { itemsOf, setDefaults } from './defaults';

/** Keeps pods and claims within what their namespace says is small and large, and fills in what they leave open. */
export function limitRanger({ objects }: AdmissionDependencies): AdmissionPlugin {
  const ranges = async ({ info, old }: Attributes): Promise<readonly LimitRange[]> =>
    old?.metadata.deletionTimestamp ? [] : objects.all<LimitRange>('limitranges', info.namespace ?? '');
  return {
    name: 'LimitRanger',
    handles,
    async admit(attributes) {
      if (attributes.info.resource !== 'pods') return;
      for (const range of await ranges(attributes)) setDefaults(attributes.object as unknown as Pod, range);
    },
    async validate(attributes) {
      for (const range of await ranges(attributes)) {
        const problems = itemsOf(range).flatMap((item) => problemsOf(item, attributes));
        if (problems.length > 0) throw refuse(attributes, aggregate(problems));
      }
    },
  };
}

/** What the containers of a pod have changes by a resize alone. */
function handles({ group, resource, subresource }: RequestInfo, operation: Attributes['operation']): boolean {
  if (group !== '' || (operation !== 'CREATE' && operation !== 'UPDATE')) return false;
  if (resource === 'pods') return operation === 'CREATE' ? subresource === undefined : subresource === 'resize';
  return resource === 'persistentvolumeclaims' && subresource === undefined;
}

const problemsOf = (item: LimitRangeItem, { info, object }: Attributes): readonly string[] =>
  info.resource === 'pods'
    ? podProblems(item, (object as unknown as Pod).spec)
    : claimProblems(item, object as unknown as PersistentVolumeClaim);
