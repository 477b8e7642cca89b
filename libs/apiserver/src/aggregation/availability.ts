import { endpointsOf, servicePort, type ServiceState } from './endpoints';
import type { RemoteService } from './remote-service';

/** What the condition Available says. */
export interface Availability {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

const no = (reason: string, message: string): Availability => ({ status: 'False', reason, message });

export const localAvailability: Availability = {
  status: 'True',
  reason: 'Local',
  message: 'Local APIServices are always available',
};

export const passed: Availability = { status: 'True', reason: 'Passed', message: 'all checks passed' };

export const failedDiscovery = (why: string): Availability => no('FailedDiscoveryCheck', why);

/** Why a service cannot be reached, as far as its objects tell; undefined: it is worth a try. */
export function obstacleOf({ service: place }: RemoteService, state: ServiceState): Availability | undefined {
  const { namespace, name, port } = place;
  const where = `service/${name} in ${JSON.stringify(namespace)}`;
  const { service, slices } = state;
  if (!service) return no('ServiceNotFound', `${where} is not present`);
  if ((service.spec.type ?? 'ClusterIP') !== 'ClusterIP') return undefined;
  const found = servicePort(service, port);
  if (!found) return no('ServicePortError', `${where} is not listening on port ${port}`);
  if (slices.length === 0) return no('EndpointsNotFound', `cannot find endpointslices for ${where}`);
  if (endpointsOf(state, port).length > 0) return undefined;
  const portName = JSON.stringify(found.name ?? '');
  return no('MissingEndpoints', `endpointslices for ${where} have no addresses with port name ${portName}`);
}
