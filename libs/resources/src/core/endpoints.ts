import type { Endpoints } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, firstThree, nameColumn, text } from '../print/columns';

const hostPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

const addresses = ({ subsets = [] }: Endpoints): readonly string[] =>
  subsets.flatMap(({ addresses: ready = [], ports = [] }) =>
    ports.length === 0
      ? ready.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => ready.map(({ ip }) => hostPort(ip, port))),
  );

export const endpoints: ResourceDefinition = defineResource<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  scope: 'Namespaced',
  names: { plural: 'endpoints', singular: 'endpoints', short: ['ep'] },
  schema: 'io.k8s.api.core.v1.Endpoints',
  createOnUpdate: true,
  columns: [
    nameColumn,
    text('Endpoints', 'The first addresses behind the service.', (obj) => firstThree(addresses(obj), '<none>')),
    ageColumn,
  ],
});
