import type { EndpointSlice, Service } from '@kubephant/schema';
import { obstacleOf } from './availability';
import { endpointsOf, type ServiceState } from './endpoints';
import { identityFields, withoutIdentity } from './front-proxy';
import { resourcesIn } from './remote-discovery';
import { apiServiceOfPath, type RemoteService } from './remote-service';

const meta = (name: string) => ({ namespace: 'default', name, uid: name, resourceVersion: '1' });
const remote: RemoteService = {
  name: 'v1.example.com',
  group: 'example.com',
  version: 'v1',
  service: { namespace: 'default', name: 'ext', port: 443 },
  tls: { serverName: 'ext.default.svc' },
};

const service = (spec: Partial<Service['spec']> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta('ext'),
  spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443, targetPort: 8443 }], ...spec },
});
const slice = (ready: boolean, port = 'https'): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: meta('ext-1'),
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.1.0.9'], conditions: { ready } }],
  ports: [{ name: port, port: 8443 }],
});

describe('what is in the way of a server behind a service', () => {
  it.each<[string, ServiceState, string | undefined, string | undefined]>([
    ['no service', { service: undefined, slices: [] }, 'ServiceNotFound', 'service/ext in "default" is not present'],
    [
      'another port',
      { service: service({ ports: [{ port: 80 }] }), slices: [slice(true)] },
      'ServicePortError',
      'service/ext in "default" is not listening on port 443',
    ],
    [
      'no slices',
      { service: service(), slices: [] },
      'EndpointsNotFound',
      'cannot find endpointslices for service/ext in "default"',
    ],
    [
      'nobody ready',
      { service: service(), slices: [slice(false)] },
      'MissingEndpoints',
      'endpointslices for service/ext in "default" have no addresses with port name "https"',
    ],
    [
      'slices of another port',
      { service: service(), slices: [slice(true, 'metrics')] },
      'MissingEndpoints',
      'endpointslices for service/ext in "default" have no addresses with port name "https"',
    ],
    ['nothing', { service: service(), slices: [slice(true)] }, undefined, undefined],
    [
      'nothing that can be seen, of another type',
      { service: service({ type: 'NodePort' }), slices: [] },
      undefined,
      undefined,
    ],
  ])('%s', (_, state, reason, message) => {
    const obstacle = obstacleOf(remote, state);
    expect([obstacle?.reason, obstacle?.message]).toEqual([reason, message]);
  });

  it('are not endpoints: those get requests at their own port', () => {
    expect(endpointsOf({ service: service(), slices: [slice(true), slice(false)] }, 443)).toEqual([
      { host: '10.1.0.9', port: 8443 },
    ]);
    const external = service({ type: 'ExternalName', externalName: 'api.example.com' });
    expect(endpointsOf({ service: external, slices: [] }, 8443)).toEqual([{ host: 'api.example.com', port: 8443 }]);
  });
});

describe('who asks', () => {
  it('is told in fields whose names are escaped', () => {
    const user = { name: 'jane', uid: '7', groups: ['a', 'b,c'], extra: { 'Example.com/x y%': ['1', '2'] } };
    expect(identityFields(user)).toEqual({
      'x-remote-user': 'jane',
      'x-remote-uid': '7',
      'x-remote-group': ['a', 'b,c'],
      'x-remote-extra-example.com%2Fx%20y%25': ['1', '2'],
    });
    expect(withoutIdentity({ 'x-remote-user': 'x', 'x-remote-extra-a': 'y', accept: 'z' })).toEqual({ accept: 'z' });
  });
});

describe('paths', () => {
  it.each([
    ['/apis/example.com/v1', 'v1.example.com'],
    ['/apis/example.com/v1/namespaces/default/widgets/a', 'v1.example.com'],
    ['/apis/example.com', undefined],
    ['/apis', undefined],
    ['/api/v1/pods', undefined],
    ['/apis//v1', undefined],
  ])('%s is the business of %s', (path, name) => {
    expect(apiServiceOfPath(path)).toBe(name);
  });
});

describe('the list of resources of another server', () => {
  it.each(['', '[]', '{"kind":"Status"}', '{"kind":"APIResourceList"}', 'null'])('is not %j', (text) => {
    expect(() => resourcesIn(text)).toThrow();
  });

  it('may leave out what it has nothing to say about', () => {
    const text = JSON.stringify({ kind: 'APIResourceList', resources: [{ name: 'a' }, {}, { name: 'b/c' }] });
    expect(resourcesIn(text)).toEqual([
      {
        resource: 'a',
        responseKind: { group: '', version: '', kind: '' },
        scope: 'Cluster',
        singularResource: '',
        verbs: [],
      },
    ]);
  });
});
