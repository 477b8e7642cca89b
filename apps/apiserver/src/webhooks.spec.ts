import { startTestServer, until, type Answered, type TestServer } from '@kubephant/apiserver/testing';
import { newMetrics } from '@kubephant/base';
import { newCaller } from '@kubephant/http-express';
import { newAuthority, type Authority } from '@kubephant/pki';
import { startWebhookServer, type Behaviour, type WebhookServer } from './testing/webhook-server';

const registration = '/apis/admissionregistration.k8s.io/v1';
const configMaps = '/api/v1/namespaces/default/configmaps';
const metrics = newMetrics();

const answering = (response: object): ReturnType<Behaviour> => ({ response });
const page =
  (status: number, text: string): Behaviour =>
  () => ({ status, text });
const patch = (text: string, more: object = {}): ReturnType<Behaviour> =>
  answering({ allowed: true, patchType: 'JSONPatch', patch: Buffer.from(text).toString('base64'), ...more });
const patching = (operation: object, more: object = {}): ReturnType<Behaviour> =>
  patch(JSON.stringify([operation]), more);
const label =
  (key: string): Behaviour =>
  () =>
    patching({ op: 'add', path: `/metadata/labels/${key}`, value: 'yes' });

/** Gears have a color in v1, and a paint in v2. */
const convert: Behaviour = ({ desiredAPIVersion: apiVersion, objects }) => {
  const field = String(apiVersion).endsWith('v2') ? 'paint' : 'color';
  const convertedObjects = (objects as { spec: Record<string, string> }[]).map((object) => {
    const { color, paint } = object.spec;
    return { ...object, apiVersion: String(apiVersion), spec: { [field]: color ?? paint } };
  });
  return answering({ result: { status: 'Success' }, convertedObjects });
};

const behaviours: Readonly<Record<string, Behaviour>> = {
  '/allow': () => answering({ allowed: true }),
  '/warn': () => answering({ allowed: true, warnings: ['one', 'two'] }),
  '/deny': () => answering({ allowed: false, status: { message: 'no way', reason: 'Teapot', code: 418 } }),
  '/a': label('a'),
  '/b': label('b'),
  '/paint': ({ object }) => patching({ op: 'replace', path: '/spec/paint', value: `${object.spec.paint} and gold` }),
  '/convert': convert,
  '/error': page(500, 'oops'),
  '/forbidden': page(403, 'not you'),
  '/status': page(400, '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"as a status","code":400}'),
  '/empty': page(200, ''),
  '/text': page(200, 'hello'),
  '/pod': page(200, '{"kind":"Pod","apiVersion":"v1"}'),
  '/old': page(200, '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"}'),
  '/unsure': () => answering({ allowed: 'perhaps' }),
  '/no-base64': () => patch('', { patch: '***' }),
  '/no-json': () => patch('{'),
  '/no-list': () => patch('{}'),
  '/other-patch': () => patching({ op: 'remove', path: '/data' }, { patchType: 'Other' }),
  '/nothing': () => patch('[]', { patchType: 'Other' }),
  '/absent': () => patching({ op: 'remove', path: '/nope' }),
  '/strange': () => patching({ op: 'frob', path: '/nope' }),
  '/wrong': () => patching({ op: 'test', path: '/data/a', value: 'z' }),
  '/secret': () => patching({ op: 'replace', path: '/kind', value: 'Secret' }),
};

let authority: Authority;
let hooks: WebhookServer;
let server: TestServer;

beforeAll(async () => {
  authority = await newAuthority('hooks');
  const dnsNames = ['localhost', 'hooks.default.svc'];
  const serving = await authority.issue({ commonName: 'webhooks', dnsNames, usages: ['server'] });
  hooks = await startWebhookServer(serving, behaviours);
  server = await startTestServer({ deps: { caller: newCaller(), metrics } });
  const ports = [{ port: hooks.port }];
  await server.ask('POST /api/v1/namespaces/default/services', {
    body: { metadata: { name: 'hooks' }, spec: { type: 'ExternalName', externalName: 'localhost', ports } },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await hooks[Symbol.asyncDispose]();
});

const trusted = () => ({ caBundle: Buffer.from(authority.certificate).toString('base64') });
const at = (path: string) => ({ url: `https://localhost:${hooks.port}${path}`, ...trusted() });
const rule = (resource: string, group = '', version = 'v1') => ({
  rules: [{ apiGroups: [group], apiVersions: [version], resources: [resource], operations: ['CREATE', 'UPDATE'] }],
});

type Kind = 'mutating' | 'validating';
const registered: string[] = [];

async function register(kind: Kind, name: string, webhook: object): Promise<void> {
  const plural = `${kind}webhookconfigurations`;
  const one = {
    name: `${name}.example.com`,
    ...rule('configmaps'),
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...webhook,
  };
  const { status, body } = await server.ask(`POST ${registration}/${plural}`, {
    body: { metadata: { name }, webhooks: [one] },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  registered.push(`${registration}/${plural}/${name}`);
}

afterEach(async () => {
  for (const path of registered.splice(0)) await server.ask(`DELETE ${path}`);
  hooks.asked.splice(0);
});

const map = { metadata: { name: 'x', labels: { of: 'test' } }, data: { a: '1' } };
const create = (): Promise<Answered> => server.ask(`POST ${configMaps}?dryRun=All`, { body: map });
const told = ({ status, body }: Answered): string =>
  `${status} ${(body as { reason?: string }).reason ?? ''}: ${(body as { message?: string }).message ?? ''}`;

describe('a webhook over HTTPS', () => {
  it('warns, and refuses as it says', async () => {
    await register('validating', 'w', { clientConfig: at('/warn') });
    const { status, headers } = await create();
    expect([status, headers['warning']]).toEqual([201, ['299 - "one"', '299 - "two"']]);
    await register('validating', 'v', { clientConfig: at('/deny') });
    expect(told(await create())).toBe('418 Teapot: admission webhook "v.example.com" denied the request: no way');
  });

  it('changes objects, one after the other by their names, and is asked again', async () => {
    await register('mutating', 'm2', { clientConfig: at('/b') });
    await register('mutating', 'm1', { clientConfig: at('/a'), reinvocationPolicy: 'IfNeeded' });
    const { body } = await create();
    expect(body.metadata.labels).toEqual({ a: 'yes', b: 'yes', of: 'test' });
    expect(hooks.asked.map(({ path }) => path)).toEqual(['/a', '/b', '/a']);
  });

  it('is reached through its service, at any port, by the service’s name', async () => {
    const service = { namespace: 'default', name: 'hooks', port: hooks.port, path: '/deny' };
    await register('validating', 'v', { clientConfig: { service, ...trusted() } });
    expect((await create()).status).toBe(418);
  });

  const failed =
    '500 InternalError: Internal error occurred: failed calling webhook "v.example.com": failed to call webhook:';

  it.each([
    ['/error', 'an error on the server ("oops") has prevented the request from succeeding'],
    ['/forbidden', 'not you'],
    ['/status', 'as a status'],
    ['/gone', 'the server could not find the requested resource'],
    ['/empty', '0-length response with status code: 200 and content type: application/json'],
    [
      '/text',
      `couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    ],
    ['/pod', 'no kind "Pod" is registered for version "v1"'],
    ['/old', 'converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion'],
    ['/unsure', 'json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool'],
  ])('that answers %s has failed', async (path, why) => {
    await register('validating', 'v', { clientConfig: at(path) });
    expect(told(await create())).toBe(`${failed} ${why}`);
  });

  it.each<[string, () => object, RegExp]>([
    ['that nobody vouches for', () => ({ url: at('/allow').url }), /x509: certificate signed by unknown authority$/],
    [
      'where nobody listens',
      () => ({ service: { namespace: 'default', name: 'hooks', port: 1 }, ...trusted() }),
      /: Post "https:\/\/hooks\.default\.svc:1\/\?timeout=10s": dial tcp .*: connect: connection refused$/,
    ],
    [
      'of a service that is not there',
      () => ({ service: { namespace: 'default', name: 'none', path: '/x' }, ...trusted() }),
      /: Post "https:\/\/none\.default\.svc:443\/x\?timeout=10s": service "none" not found$/,
    ],
  ])('%s has failed', async (_, clientConfig, why) => {
    await register('validating', 'v', { clientConfig: clientConfig() });
    expect(told(await create())).toMatch(why);
    await register('validating', 'open', { clientConfig: at('/allow') });
    const { body } = await server.ask(`PATCH ${registration}/validatingwebhookconfigurations/v`, {
      body: [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }],
      headers: { 'content-type': 'application/json-patch+json' },
    });
    expect(body.webhooks[0].failurePolicy).toBe('Ignore');
    expect((await create()).status).toBe(201);
  });

  const called = 'Internal error occurred: failed calling webhook "v.example.com":';

  it.each([
    ['/no-base64', `500 InternalError: ${called} failed to call webhook: illegal base64 data at input byte 0`],
    [
      '/no-json',
      `500 InternalError: ${called} received undecodable patch in webhook response: unexpected end of JSON input`,
    ],
    [
      '/no-list',
      `500 InternalError: ${called} received undecodable patch in webhook response: json: cannot unmarshal object into Go value of type jsonpatch.Patch`,
    ],
    ['/other-patch', `500 InternalError: ${called} unsupported patch type "Other"`],
    ['/nothing', '201 : '],
    [
      '/absent',
      "500 InternalError: Internal error occurred: error in remove for path: '/nope': Unable to remove nonexistent key: nope: missing value",
    ],
    ['/strange', '500 InternalError: Internal error occurred: Unexpected kind: frob'],
    ['/wrong', '500 InternalError: Internal error occurred: testing value /data/a failed: test failed'],
    [
      '/secret',
      '500 InternalError: Internal error occurred: converting (v1.Secret) to (v1.ConfigMap): unknown conversion',
    ],
  ])('whose patch is %s has failed', async (path, message) => {
    await register('mutating', 'v', { clientConfig: at(path) });
    expect(told(await create())).toBe(message);
  });
});

describe('objects of several versions', () => {
  const gears = (version: string) => `/apis/shop.example.com/${version}/namespaces/default/gears`;
  const version = (name: string, field: string) => ({
    ...{ name, served: true, storage: name === 'v1' },
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { [field]: { type: 'string' } } } },
      },
    },
  });

  beforeAll(async () => {
    const webhook = { clientConfig: at('/convert'), conversionReviewVersions: ['v1'] };
    await server.ask('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: {
        metadata: { name: 'gears.shop.example.com' },
        spec: {
          group: 'shop.example.com',
          scope: 'Namespaced',
          names: { plural: 'gears', singular: 'gear', kind: 'Gear', listKind: 'GearList' },
          versions: [version('v1', 'color'), version('v2', 'paint')],
          conversion: { strategy: 'Webhook', webhook },
        },
      },
    });
    await until(async () => (await server.ask(`GET ${gears('v2')}`)).status === 200);
  });
  const gear = { apiVersion: 'shop.example.com/v1', kind: 'Gear', metadata: { name: 'g' }, spec: { color: 'red' } };

  it('are shown to webhooks in the version that they know, and what they make of them is brought back', async () => {
    await register('mutating', 'm', { clientConfig: at('/paint'), ...rule('gears', 'shop.example.com', 'v2') });
    const { status, body } = await server.ask(`POST ${gears('v1')}?dryRun=All`, { body: gear });
    expect([status, body.apiVersion, body.spec]).toEqual([201, 'shop.example.com/v1', { color: 'red and gold' }]);
    const { request } = hooks.asked.find(({ path }) => path === '/paint') ?? {};
    expect(request).toMatchObject({
      kind: { group: 'shop.example.com', version: 'v2', kind: 'Gear' },
      resource: { version: 'v2', resource: 'gears' },
      requestKind: { version: 'v1' },
      requestResource: { version: 'v1' },
      object: { apiVersion: 'shop.example.com/v2', spec: { paint: 'red' } },
    });
  });

  it('are of no concern to webhooks that insist on another version', async () => {
    const exact = { ...rule('gears', 'shop.example.com', 'v2'), matchPolicy: 'Exact' };
    await register('validating', 'v', { clientConfig: at('/deny'), ...exact });
    expect((await server.ask(`POST ${gears('v1')}?dryRun=All`, { body: gear })).status).toBe(201);
    const other = { ...gear, apiVersion: 'shop.example.com/v2' };
    expect((await server.ask(`POST ${gears('v2')}?dryRun=All`, { body: other })).status).toBe(418);
  });

  it('are what policies say of the version that they know', async () => {
    const resourceRules = rule('gears', 'shop.example.com', 'v2').rules;
    const spec = {
      matchConstraints: { resourceRules },
      validations: [{ expression: "object.spec.paint != 'red'", messageExpression: "'no ' + object.spec.paint" }],
    };
    await server.ask(`POST ${registration}/validatingadmissionpolicies`, { body: { metadata: { name: 'p' }, spec } });
    await server.ask(`POST ${registration}/validatingadmissionpolicybindings`, {
      body: { metadata: { name: 'p' }, spec: { policyName: 'p', validationActions: ['Deny'] } },
    });
    const { body } = await server.ask(`POST ${gears('v1')}?dryRun=All`, { body: gear });
    expect(body.message).toBe(
      "gears.shop.example.com \"g\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p' denied request: no red",
    );
  });
});

it('what became of webhooks is counted', async () => {
  metrics.registry.resetMetrics();
  await register('validating', 'v', { clientConfig: at('/deny') });
  await create();
  await register('mutating', 'open', { clientConfig: at('/error'), failurePolicy: 'Ignore' });
  await create();
  const text = await metrics.registry.metrics();
  const sample = (name: string, labels: string): string => `apiserver_admission_${name}{${labels}}`;
  const denied = 'name="v.example.com",type="validating",operation="CREATE"';
  expect(text).toContain(`${sample('webhook_request_total', `${denied},code="418",rejected="true"`)} 2`);
  expect(text).toContain(
    `${sample('webhook_rejection_count', `${denied},error_type="no_error",rejection_code="418"`)} 2`,
  );
  expect(text).toContain(`${sample('webhook_admission_duration_seconds_count', `${denied},rejected="true"`)} 2`);
  expect(text).toContain(`${sample('webhook_fail_open_count', 'name="open.example.com",type="admit"')} 1`);
  expect(text).toContain(
    `${sample('webhook_request_total', 'name="open.example.com",type="admit",operation="CREATE",code="500",rejected="false"')} 1`,
  );
  const plugin = 'name="ValidatingAdmissionWebhook",type="validate",operation="CREATE",rejected="true"';
  expect(text).toContain(`${sample('controller_admission_duration_seconds_count', plugin)} 2`);
  expect(text).toContain(
    sample('step_admission_duration_seconds_summary_count', 'type="validate",operation="CREATE",rejected="true"'),
  );
});
