import type { SharedInformer } from '@kubephant/informer';
import type { EndpointSlice, Namespace, Service } from '@kubephant/schema';

/** An address behind a headless Service, under the name it has there. */
export interface Endpoint {
  /** The endpoint's hostname, or its address with dashes. */
  readonly hostname: string;
  readonly address: string;
  readonly ports: readonly EndpointPort[];
}

export interface EndpointPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** What the zone is made from. */
export interface Directory {
  service(namespace: string, name: string): Service | undefined;
  hasNamespace(name: string): boolean;
  endpoints(service: Service): readonly Endpoint[];
  /** Services with this cluster address, and endpoints of headless Services with it. */
  reverse(address: string): readonly { readonly service: Service; readonly hostname?: string }[];
}

const byService = 'service';
const byAddress = 'address';
const byClusterIp = 'clusterIP';

const serviceKey = (namespace: string, name: string): string => `${namespace}/${name}`;

const serviceIndexers = {
  [byClusterIp]: ({ spec }: Service): string[] =>
    (spec.clusterIPs ?? [spec.clusterIP ?? '']).filter((ip) => ip !== '' && ip !== 'None'),
};
const sliceIndexers = {
  [byService]: (slice: EndpointSlice): string[] => [serviceKey(slice.metadata.namespace ?? '', serviceNameOf(slice))],
  [byAddress]: ({ endpoints }: EndpointSlice): string[] => [
    ...new Set((endpoints ?? []).flatMap(({ addresses }) => addresses)),
  ],
};

function serviceNameOf({ metadata: { labels } }: EndpointSlice): string {
  return labels?.['kubernetes.io/service-name'] ?? '';
}

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None';

export interface DirectoryInformers {
  readonly services: SharedInformer<Service>;
  readonly slices: SharedInformer<EndpointSlice>;
  readonly namespaces: SharedInformer<Namespace>;
}

/** A directory of what the informers hold, found by indexes. */
export function newDirectory(informers: DirectoryInformers): Directory {
  informers.services.addIndexers(serviceIndexers);
  informers.slices.addIndexers(sliceIndexers);
  const [services, slices, namespaces] = [
    informers.services.lister,
    informers.slices.lister,
    informers.namespaces.lister,
  ];
  return {
    service: (namespace, name) => services.get({ namespace, name }),
    hasNamespace: (name) => namespaces.get({ name }) !== undefined,
    endpoints(service) {
      const { namespace = '', name } = service.metadata;
      return slices.byIndex(byService, serviceKey(namespace, name)).flatMap((slice) => endpointsOf(slice, service));
    },
    reverse(address) {
      const behind = slices.byIndex(byAddress, address).flatMap((slice) => {
        const service = services.get({ namespace: slice.metadata.namespace, name: serviceNameOf(slice) });
        if (!service || !isHeadless(service)) return [];
        return endpointsOf(slice, service)
          .filter((endpoint) => endpoint.address === address)
          .map(({ hostname }) => ({ service, hostname }));
      });
      return [...services.byIndex(byClusterIp, address).map((service) => ({ service })), ...behind];
    },
  };
}

function endpointsOf({ endpoints, ports }: EndpointSlice, service: Service): Endpoint[] {
  const named = (ports ?? []).map(({ name = '', protocol = 'TCP', port = 0 }) => ({ name, protocol, port }));
  const published = service.spec.publishNotReadyAddresses === true;
  return (endpoints ?? [])
    .filter(({ conditions }) => published || conditions?.ready !== false)
    .flatMap(({ addresses, hostname }) =>
      addresses.map((address) => ({ address, hostname: hostname ?? address.replace(/[.:]/g, '-'), ports: named })),
    );
}
