import { Decisions, evaluateWithAuthorizer } from './authorize';
import { newEnvironment } from './environment';
import {
  type AuthorizationCheck,
  type AuthorizationDecision,
  authorizerType,
  newAuthorizer,
  newRequestResource,
} from './library/authz';
import { compiled, told } from './testing';
import { opaque, readType, scalar } from './types';
import { jsonValue } from './values/json';

const environment = newEnvironment({
  variables: {
    authorizer: opaque(authorizerType),
    'authorizer.requestResource': readType('kubernetes.authorization.ResourceCheck'),
    object: scalar.dyn,
  },
});

async function ask(
  expression: string,
  answer: (check: AuthorizationCheck) => Promise<AuthorizationDecision>,
): Promise<{ told: string; asked: readonly AuthorizationCheck[] }> {
  const asked: AuthorizationCheck[] = [];
  const decisions = new Decisions();
  const request = { group: 'apps', resource: 'deployments', namespace: 'ns', name: 'web' };
  const evaluation = await evaluateWithAuthorizer(
    compiled(environment, expression),
    {
      authorizer: newAuthorizer(decisions.decide),
      'authorizer.requestResource': newRequestResource(request, decisions.decide),
      object: jsonValue({ name: 'web' }),
    },
    decisions,
    {
      authorize: (check) => {
        asked.push(check);
        return answer(check);
      },
    },
  );
  return { told: told(evaluation), asked };
}

const allow = (): Promise<AuthorizationDecision> => Promise.resolve({ allowed: true, reason: 'because' });
const deny = (): Promise<AuthorizationDecision> => Promise.resolve({ allowed: false });

it('asks about a resource, part by part', async () => {
  const expression =
    "authorizer.group('apps').resource('deployments').subresource('scale').namespace('ns').name(object.name).check('update').allowed()";
  expect(await ask(expression, allow)).toEqual({
    told: 'true',
    asked: [
      { group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'ns', name: 'web', verb: 'update' },
    ],
  });
});

it('asks about paths, other accounts and the resource of the request', async () => {
  expect((await ask("authorizer.path('/healthz').check('get').reason() == 'because'", allow)).asked).toEqual([
    { path: '/healthz', verb: 'get' },
  ]);
  const account = "authorizer.serviceAccount('ns', 'robot').group('').resource('pods').check('get').allowed()";
  expect((await ask(account, deny)).asked).toEqual([
    { serviceAccount: { namespace: 'ns', name: 'robot' }, group: '', resource: 'pods', verb: 'get' },
  ]);
  expect(await ask("authorizer.requestResource.check('custom').allowed()", deny)).toEqual({
    told: 'false',
    asked: [{ group: 'apps', resource: 'deployments', namespace: 'ns', name: 'web', verb: 'custom' }],
  });
});

it('asks once for what is asked twice', async () => {
  const check = "authorizer.path('/x').check('get').allowed()";
  const { told: value, asked } = await ask(`${check} && ${check}`, allow);
  expect([value, asked.length]).toEqual(['true', 1]);
});

it('lets two checks fit into the budget, and no third', async () => {
  const check = (path: string): string => `authorizer.path('${path}').check('get').allowed()`;
  expect((await ask(`${check('/a')} && ${check('/b')}`, allow)).told).toBe('true');
  expect((await ask(`${check('/a')} && ${check('/b')} && ${check('/c')}`, allow)).told).toBe(
    'error: operation cancelled: actual cost limit exceeded',
  );
});

it('tells errors of the authorizer to the expression', async () => {
  const check = "authorizer.path('/x').check('get')";
  const down = (): Promise<AuthorizationDecision> => Promise.reject(new Error('webhook is down'));
  expect((await ask(`${check}.errored() && ${check}.error() == 'webhook is down'`, down)).told).toBe('true');
  expect((await ask(`${check}.allowed()`, down)).told).toBe('false');
});

it('refuses checks of nothing', async () => {
  expect((await ask("authorizer.path(' ').check('get').allowed()", allow)).told).toBe('error: path must not be empty');
  expect((await ask("authorizer.group('').resource('').check('get').allowed()", allow)).told).toBe(
    'error: resource must not be empty',
  );
  expect((await ask("authorizer.serviceAccount('A', 'b').path('/x').check('get').allowed()", allow)).told).toBe(
    'error: Invalid service account namespace',
  );
});
