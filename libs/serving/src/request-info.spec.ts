import { StatusError } from '@kubephant/api';
import { isLongRunning, requestInfo, RequestInfoError } from './request-info';

const at = (path: string): URL => new URL(path, 'https://server');
const info = (method: string, path: string) => {
  const { isResourceRequest, path: _, fieldSelector: __, ...facts } = requestInfo(method, at(path));
  expect(isResourceRequest).toBe(true);
  return facts;
};
const thrown = (act: () => unknown): string => {
  try {
    act();
    return '';
  } catch (err) {
    return StatusError.from(err).reason;
  }
};
const core = { group: '', version: 'v1' };
const pods = { ...core, resource: 'pods' };
const inside = { ...pods, namespace: 'ns' };

describe('requestInfo', () => {
  it.each([
    ['GET', '/api/v1/namespaces', { ...core, verb: 'list', resource: 'namespaces' }],
    ['GET', '/api/v1/namespaces/', { ...core, verb: 'list', resource: 'namespaces' }],
    ['POST', '/api/v1/namespaces', { ...core, verb: 'create', resource: 'namespaces' }],
    ['GET', '/api/v1/namespaces/ns', { ...core, verb: 'get', resource: 'namespaces', namespace: 'ns', name: 'ns' }],
    [
      'PUT',
      '/api/v1/namespaces/ns/status',
      { ...core, verb: 'update', resource: 'namespaces', namespace: 'ns', name: 'ns', subresource: 'status' },
    ],
    [
      'PUT',
      '/api/v1/namespaces/ns/finalize',
      { ...core, verb: 'update', resource: 'namespaces', namespace: 'ns', name: 'ns', subresource: 'finalize' },
    ],
    ['GET', '/api/v1/pods', { ...pods, verb: 'list' }],
    ['HEAD', '/api/v1/pods', { ...pods, verb: 'list' }],
    ['GET', '/api/v1/pods?watch=true', { ...pods, verb: 'watch' }],
    ['GET', '/api/v1/pods?watch=', { ...pods, verb: 'watch' }],
    ['GET', '/api/v1/pods?watch=0', { ...pods, verb: 'list' }],
    ['GET', '/api/v1/pods?watch=False', { ...pods, verb: 'list' }],
    ['GET', '/api/v1/namespaces/ns/pods', { ...inside, verb: 'list' }],
    ['GET', '/api/v1/namespaces/ns/pods?fieldSelector=metadata.name%3Dx', { ...inside, verb: 'list', name: 'x' }],
    ['GET', '/api/v1/namespaces/ns/pods?fieldSelector=metadata.name%21%3Dx', { ...inside, verb: 'list' }],
    ['GET', '/api/v1/namespaces/ns/pods?fieldSelector=metadata.name%3D..', { ...inside, verb: 'list' }],
    ['GET', '/api/v1/namespaces/ns/pods/x', { ...inside, verb: 'get', name: 'x' }],
    ['GET', '/api/v1/namespaces/ns/pods/x?watch=true', { ...inside, verb: 'get', name: 'x' }],
    ['POST', '/api/v1/namespaces/ns/pods', { ...inside, verb: 'create' }],
    ['PUT', '/api/v1/namespaces/ns/pods/x', { ...inside, verb: 'update', name: 'x' }],
    ['PATCH', '/api/v1/namespaces/ns/pods/x', { ...inside, verb: 'patch', name: 'x' }],
    ['DELETE', '/api/v1/namespaces/ns/pods/x', { ...inside, verb: 'delete', name: 'x' }],
    ['DELETE', '/api/v1/namespaces/ns/pods', { ...inside, verb: 'deletecollection' }],
    ['POST', '/api/v1/namespaces/ns/pods/x/exec', { ...inside, verb: 'create', name: 'x', subresource: 'exec' }],
    [
      'GET',
      '/api/v1/namespaces/ns/pods/x/proxy/a/b',
      { ...inside, verb: 'get', name: 'x', subresource: 'proxy', rest: 'a/b' },
    ],
    ['GET', '/api/v1/watch/pods', { ...pods, verb: 'watch' }],
    ['GET', '/api/v1/watch/namespaces/ns/pods', { ...inside, verb: 'watch' }],
    ['GET', '/api/v1/watch/namespaces/ns/pods/x', { ...inside, verb: 'watch', name: 'x' }],
    [
      'GET',
      '/api/v1/watch/namespaces/ns',
      { ...core, verb: 'watch', resource: 'namespaces', namespace: 'ns', name: 'ns' },
    ],
    ['FOO', '/api/v1/pods', { ...pods, verb: '' }],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/ns/deployments/d/scale',
      {
        verb: 'patch',
        group: 'apps',
        version: 'v1',
        resource: 'deployments',
        namespace: 'ns',
        name: 'd',
        subresource: 'scale',
      },
    ],
    ['GET', '/apis/apps/v1/deployments', { group: 'apps', version: 'v1', verb: 'list', resource: 'deployments' }],
    ['GET', '/api/v1//configmaps', { ...core, verb: 'get', resource: '', name: 'configmaps' }],
    ['GET', '/api/v1/namespaces/ns/pods/a%2Fb', { ...inside, verb: 'get', name: 'a', subresource: 'b' }],
  ])('%s %s', (method, path, expected) => {
    expect(info(method, path)).toEqual(expected);
  });

  it.each([
    '/',
    '/api',
    '/api/',
    '/api/v1',
    '/apis',
    '/apis/apps',
    '/apis/apps/v1',
    '/version',
    '//api/v1/pods',
    '/x/y/z',
  ])('%s asks for no resource', (pathname) => {
    const url = { pathname, search: '', searchParams: new URLSearchParams() };
    const expected = { isResourceRequest: false, path: pathname, verb: 'post', group: '', version: '', resource: '' };
    expect(requestInfo('POST', url)).toEqual(expected);
  });

  it('carries the field selector of a collection', () => {
    const { fieldSelector } = requestInfo('GET', at('/api/v1/pods?fieldSelector=spec.nodeName%3Dn1'));
    expect(fieldSelector).toEqual([{ path: 'spec.nodeName', operator: '=', value: 'n1' }]);
    expect(requestInfo('GET', at('/api/v1/pods?fieldSelector=%21')).fieldSelector).toBeUndefined();
  });

  it('keeps dot segments, so that nothing climbs out of a path before it is judged', () => {
    const url = { pathname: '/api/v1/namespaces/ns/pods/..', search: '', searchParams: new URLSearchParams() };
    expect(requestInfo('GET', url)).toMatchObject({ name: '..', verb: 'get', namespace: 'ns' });
  });

  it('refuses a malformed escape', () => {
    expect(thrown(() => requestInfo('GET', at('/api/v1/pods/%zz')))).toBe('BadRequest');
  });

  it('refuses a watch of nothing', () => {
    expect(() => requestInfo('GET', at('/api/v1/watch/'))).toThrow(RequestInfoError);
  });

  it('takes a namespace without a name for all of them', () => {
    expect(info('GET', '/api/v1/namespaces//pods')).toEqual({ ...pods, verb: 'list' });
  });
});

describe('isLongRunning', () => {
  it.each([
    ['GET', '/api/v1/pods?watch=1', true],
    ['GET', '/api/v1/namespaces/ns/pods/x/log', true],
    ['POST', '/api/v1/namespaces/ns/pods/x/exec', true],
    ['GET', '/api/v1/nodes/n/proxy/metrics', true],
    ['GET', '/api/v1/pods', false],
    ['GET', '/healthz', false],
  ])('%s %s: %s', (method, path, expected) => {
    expect(isLongRunning(requestInfo(method, at(path)))).toBe(expected);
  });
});
