import { fromLabelSelector, notFound, type KubeObject, type LabelSelector } from '@kubephant/api';
import type { Attributes } from '@kubephant/serving';
import type { Objects } from '../objects';

const namespaces = { group: '', resource: 'namespaces' };

const selectsAll = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;

/** The namespace of the request as it is, or as the request makes it. Throws NotFound; undefined: there is none. */
export async function namespaceOf(attributes: Attributes, objects: Objects): Promise<KubeObject | undefined> {
  const { info, object, operation } = attributes;
  const isNamespace = info.group === '' && info.resource === 'namespaces';
  if (isNamespace && info.subresource === undefined && object && operation !== 'DELETE') return object;
  const name = isNamespace ? (info.name ?? '') : (info.namespace ?? '');
  if (name === '') return undefined;
  const found = await objects.find('namespaces', '', name);
  if (!found) throw notFound(namespaces, name);
  return found;
}

/** Whether the namespace of the request is selected; what is in none always is. */
export async function matchesNamespace(
  selector: LabelSelector = {},
  attributes: Attributes,
  objects: Objects,
): Promise<boolean> {
  if (selectsAll(selector)) return true;
  const namespace = await namespaceOf(attributes, objects);
  return !namespace || fromLabelSelector(selector).matches(namespace.metadata.labels);
}

/** Whether the object is selected as it was or as it is to be. */
export function matchesObject(selector: LabelSelector = {}, { object, old }: Attributes): boolean {
  if (selectsAll(selector)) return true;
  const parsed = fromLabelSelector(selector);
  return [object, old].some((obj) => {
    const labels = (obj as Partial<KubeObject> | undefined)?.metadata?.labels;
    return obj !== undefined && parsed.matches(labels);
  });
}
