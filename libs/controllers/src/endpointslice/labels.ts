import type { ObjectKey } from '@kubephant/api';
import type { EndpointSlice, Service } from '@kubephant/schema';
import { isHeadless } from '../common/service-pods';

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const managedBy = 'endpointslice-controller.k8s.io';
const headlessLabel = 'service.kubernetes.io/headless';

/** The service's labels, and those by which consumers find the slices. */
export function labelsOf(service: Service): Record<string, string> {
  const { [serviceNameLabel]: _, [managedByLabel]: __, [headlessLabel]: ___, ...own } = service.metadata.labels ?? {};
  return {
    ...own,
    [serviceNameLabel]: service.metadata.name,
    [managedByLabel]: managedBy,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
  };
}

/** `namespace/name` of the service that a slice belongs to, if `manager` is who keeps it. */
export function serviceOf({ metadata }: EndpointSlice, manager = managedBy): ObjectKey | undefined {
  const name = metadata.labels?.[serviceNameLabel];
  if (metadata.labels?.[managedByLabel] !== manager || !name) return undefined;
  return { ...(metadata.namespace && { namespace: metadata.namespace }), name };
}
