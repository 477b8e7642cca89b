import {
  everything,
  fromLabelSelector,
  notFound,
  type KubeObject,
  type LabelSelector,
  type Selector,
} from '@kubephant/api';
import type { Attributes } from '@kubephant/serving';
import type { Objects } from '../objects';

const namespaces = { group: '', resource: 'namespaces' };

/** Here a selector that is not given selects everything. */
export function readSelector(selector: LabelSelector = {}): Selector {
  const { requirements } = fromLabelSelector(selector);
  return requirements.length === 0 ? everything : fromLabelSelector(selector);
}

/** The namespace of the request as it is, or as the request makes it. Throws NotFound; undefined: there is none. */
export async function namespaceOf(attributes: Attributes, objects: Objects): Promise<KubeObject | undefined> {
  const { info, object, operation } = attributes;
  const isNamespace = info.group === '' && info.resource === 'namespaces';
  if (isNamespace && info.subresource === undefined && object && operation !== 'DELETE') return object;
  return namespaceNamed((isNamespace ? info.name : info.namespace) ?? '', objects);
}

/** The namespace that the object of a request is in. Throws NotFound; undefined: it is in none, as namespaces are. */
export async function enclosingNamespace({ info }: Attributes, objects: Objects): Promise<KubeObject | undefined> {
  const isNamespace = info.group === '' && info.resource === 'namespaces';
  return isNamespace ? undefined : namespaceNamed(info.namespace ?? '', objects);
}

async function namespaceNamed(name: string, objects: Objects): Promise<KubeObject | undefined> {
  if (name === '') return undefined;
  const found = await objects.find('namespaces', '', name);
  if (!found) throw notFound(namespaces, name);
  return found;
}

/** Whether the namespace of the request is selected; what is in none always is. */
export async function matchesNamespace(selector: Selector, attributes: Attributes, objects: Objects): Promise<boolean> {
  if (selector === everything) return true;
  const namespace = await namespaceOf(attributes, objects);
  return !namespace || selector.matches(namespace.metadata.labels);
}

/** Whether the object is selected as it was or as it is to be. */
export function matchesObject(selector: Selector, { object, old }: Attributes): boolean {
  if (selector === everything) return true;
  return [object, old].some((obj) => {
    const labels = (obj as Partial<KubeObject> | undefined)?.metadata?.labels;
    return obj !== undefined && selector.matches(labels);
  });
}
