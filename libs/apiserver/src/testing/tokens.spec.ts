import { startTestServer, type TestServer } from './server';

let server: TestServer;
const accounts = '/api/v1/namespaces/default/serviceaccounts';
beforeAll(async () => {
  server = await startTestServer();
  await server.ask(`POST ${accounts}`, { body: { metadata: { name: 'default' } } });
  const spec = { containers: [{ name: 'a', image: 'b' }] };
  await server.ask('POST /api/v1/namespaces/default/pods', { body: { metadata: { name: 'p' }, spec } });
});
afterAll(() => server[Symbol.asyncDispose]());

interface Told {
  readonly code?: number;
  readonly message?: string;
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

const asked = async (body: object): Promise<Told> =>
  (await server.ask(`POST ${accounts}/default/token`, { body })).body as Told;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    exp: number;
    iat: number;
    'kubernetes.io': { warnafter?: number };
  };
const pod = { kind: 'Pod', apiVersion: 'v1', name: 'p' };

describe('a request for a token', () => {
  it.each<[string, object, number, string]>([
    [
      'of another account',
      { metadata: { name: 'other' } },
      422,
      'TokenRequest.authentication.k8s.io "default" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    ],
    [
      'bound to what tokens are not bound to',
      { spec: { boundObjectRef: { kind: 'ConfigMap', apiVersion: 'v1', name: 'a' } } },
      400,
      'cannot bind token to object of type /v1, Kind=ConfigMap',
    ],
    [
      'bound to a pod of another group',
      { spec: { boundObjectRef: { ...pod, apiVersion: 'example.com/v1' } } },
      400,
      'cannot bind token to object of type example.com/v1, Kind=Pod',
    ],
  ])('%s is refused', async (_, body, code, message) => {
    expect(await asked(body)).toMatchObject({ code, message });
  });

  it('of an account that was there before is a conflict', async () => {
    const { code, message } = await asked({ metadata: { uid: 'old' } });
    expect([code, message]).toEqual([
      409,
      expect.stringContaining('the UID in the token request (old) does not match'),
    ]);
  });

  it('as kubelets make it gets a token that lives a year and warns in time', async () => {
    const { status } = await asked({ spec: { expirationSeconds: 3607, boundObjectRef: pod } });
    const { exp, iat, 'kubernetes.io': own } = claimsOf(status.token);
    expect([exp - iat, (own.warnafter ?? 0) - iat]).toEqual([31_536_000, 3607]);
    expect(Date.parse(status.expirationTimestamp) / 1000 - iat).toBe(3607);
  });

  it.each([
    ['for others', { expirationSeconds: 3607, boundObjectRef: pod, audiences: ['x'] }],
    ['bound to nothing', { expirationSeconds: 3607 }],
    ['of another length', { expirationSeconds: 3600, boundObjectRef: pod }],
  ])('%s gets one that ends when it says', async (_, spec) => {
    const { status } = await asked({ spec });
    const { exp, iat, 'kubernetes.io': own } = claimsOf(status.token);
    expect([exp - iat, own.warnafter]).toEqual([spec.expirationSeconds, undefined]);
  });

  it('in protobuf as a Table is refused in JSON', async () => {
    const accept = 'application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1';
    const { status, body, headers } = await server.ask(`GET ${accounts}`, { headers: { accept } });
    expect([status, body.kind, headers['content-type']]).toEqual([406, 'Status', 'application/json']);
  });
});
