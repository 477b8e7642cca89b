import type { APIService, APIServiceCondition } from '@kubephant/schema';
import type { FrontProxyTls } from '@kubephant/serving';

/** A group version that another server answers for. */
export interface RemoteService {
  /** Of the APIService. */
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly service: ServicePlace;
  readonly tls: FrontProxyTls;
}

export interface ServicePlace {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** Where requests for the group version go; undefined: they stay here. */
export function remoteOf({ metadata, spec }: APIService): RemoteService | undefined {
  if (!spec.service) return undefined;
  const { namespace = '', name = '', port = 443 } = spec.service;
  const certificateAuthority = spec.caBundle && Buffer.from(spec.caBundle, 'base64').toString();
  return {
    name: metadata.name,
    group: spec.group ?? '',
    version: spec.version ?? '',
    service: { namespace, name, port },
    tls: {
      serverName: `${name}.${namespace}.svc`,
      ...(certificateAuthority && { certificateAuthority }),
      ...(spec.insecureSkipTLSVerify && { insecure: true }),
    },
  };
}

export const pathOf = ({ group, version }: Pick<RemoteService, 'group' | 'version'>): string =>
  `/apis/${group}/${version}`;

/** The APIService whose business a path is: `v1.example.com` of `/apis/example.com/v1/…`. */
export function apiServiceOfPath(path: string): string | undefined {
  const [, root, group, version] = path.split('/', 4);
  return root === 'apis' && group && version ? `${version}.${group}` : undefined;
}

export const availabilityOf = ({ status }: APIService): APIServiceCondition | undefined =>
  status?.conditions?.find(({ type }) => type === 'Available');

export const isAvailable = (apiService: APIService): boolean => availabilityOf(apiService)?.status === 'True';
