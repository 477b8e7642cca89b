import type { PolicyRule } from '@kubephant/schema';
import { requestInfo } from '@kubephant/serving';
import { uncovered } from './covers';
import { compileRule } from './rules';

const rule = (verbs: string, apiGroups: string, resources: string, resourceNames?: string): PolicyRule => ({
  verbs: verbs.split(' '),
  apiGroups: apiGroups === 'core' ? [''] : apiGroups.split(' '),
  resources: resources.split(' '),
  ...(resourceNames && { resourceNames: resourceNames.split(' ') }),
});
const paths = (verbs: string, urls: string): PolicyRule => ({
  verbs: verbs.split(' '),
  nonResourceURLs: urls.split(' '),
});
const pods = '/api/v1/namespaces/ns/pods';

describe('a rule', () => {
  it.each([
    [rule('get', 'core', 'pods'), 'GET', `${pods}/x`, true],
    [rule('get', 'core', 'pods'), 'GET', pods, false],
    [rule('*', '*', '*'), 'DELETE', `${pods}/x/log`, true],
    [rule('get', 'core', 'pods'), 'GET', `${pods}/x/log`, false],
    [rule('get', 'core', 'pods/log'), 'GET', `${pods}/x/log`, true],
    [rule('get', '*', '*/log'), 'GET', `${pods}/x/log`, true],
    [rule('get', '*', '*/log'), 'GET', `${pods}/x`, false],
    [rule('get', 'apps', 'pods'), 'GET', `${pods}/x`, false],
    [rule('get', 'core', 'pods', 'x y'), 'GET', `${pods}/x`, true],
    [rule('get', 'core', 'pods', 'x y'), 'GET', `${pods}/z`, false],
    [rule('list', 'core', 'pods', 'x'), 'GET', pods, false],
    [rule('list', 'core', 'pods', 'x'), 'GET', `${pods}?fieldSelector=metadata.name%3Dx`, true],
    [rule('*', '*', '*'), 'GET', '/healthz', false],
    [paths('get', '/healthz'), 'GET', '/healthz', true],
    [paths('get', '/healthz'), 'GET', '/healthz/ping', false],
    [paths('get', '/healthz/*'), 'GET', '/healthz/ping', true],
    [paths('*', '*'), 'POST', '/anything', true],
    [paths('get', '/healthz'), 'POST', '/healthz', false],
    [paths('*', '*'), 'GET', `${pods}/x`, false],
  ])('%j and %s %s: %s', (policy, method, path, expected) => {
    expect(compileRule(policy).allows(requestInfo(method, new URL(path, 'https://x')))).toBe(expected);
  });
});

describe('uncovered', () => {
  it.each([
    ['the same rule', [rule('get list', 'core', 'pods')], rule('get', 'core', 'pods'), true],
    [
      'two rules together',
      [rule('get', 'core', 'pods'), rule('list', 'core', 'pods')],
      rule('get list', 'core', 'pods'),
      true,
    ],
    ['everything', [rule('*', '*', '*')], rule('get', 'apps', 'deployments/scale'), true],
    ['a subresource of all', [rule('get', '*', '*/scale')], rule('get', 'apps', 'deployments/scale'), true],
    ['a verb less', [rule('get', 'core', 'pods')], rule('get list', 'core', 'pods'), false],
    ['one verb for all', [rule('get', 'core', 'pods')], rule('*', 'core', 'pods'), false],
    ['only some names', [rule('get', 'core', 'pods', 'x')], rule('get', 'core', 'pods'), false],
    ['the same name', [rule('get', 'core', 'pods', 'x y')], rule('get', 'core', 'pods', 'x'), true],
    ['a wider path', [paths('get', '/a/*')], paths('get', '/a/b'), true],
    ['a narrower path', [paths('get', '/a/b')], paths('get', '/a/*'), false],
  ])('%s', (_, held, wanted, covered) => {
    expect(uncovered(held, [wanted])).toEqual(covered ? [] : [wanted]);
  });
});
