import { forbidden, type KubeObject, type StatusError } from '@kubephant/api';
import type { Attributes, RequestInfo } from '@kubephant/serving';

/** 403 about the object that is admitted; one whose name is still to be generated is called by what it begins with. */
export function refuse({ info, object, old }: Attributes, why: string): StatusError {
  // What a connection is opened with has no metadata.
  const { metadata } = (object ?? {}) as Partial<KubeObject>;
  const name = [metadata?.name, old?.metadata.name, info.name, metadata?.generateName].find(Boolean) ?? '';
  return forbidden({ group: info.group, resource: info.resource }, name, why);
}

/** Whether the request is about this resource of the core group itself, not about a subresource. */
export const isCore = ({ group, resource, subresource }: RequestInfo, plural: string): boolean =>
  group === '' && resource === plural && subresource === undefined;
