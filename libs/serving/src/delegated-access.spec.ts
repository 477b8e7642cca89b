import { silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { newDelegatedAccess, withDelegatedAccess } from './delegated-access';
import { withStatus } from './filters';
import { newIncoming, type IncomingOptions } from './testing';

/** An API server that knows one token and lets one user see metrics. */
function setUp() {
  const clock = newFakeClock();
  const asked: unknown[] = [];
  const client = {
    async review<R extends object>(path: string, body: object): Promise<R> {
      const { spec } = body as { spec: { token?: string; user?: string; nonResourceAttributes?: { path: string } } };
      asked.push(spec);
      if (!path.endsWith('/tokenreviews')) {
        const allowed = spec.user === 'prometheus' && spec.nonResourceAttributes?.path === '/metrics';
        return { status: { allowed } } as object as R;
      }
      const user = { username: 'prometheus', uid: '7', groups: ['monitoring', 'system:authenticated'] };
      return { status: spec.token === 'good' ? { authenticated: true, user } : {} } as object as R;
    },
  };
  const handler = withStatus(silent)(
    withDelegatedAccess(newDelegatedAccess({ client, clock }))(async () => ({ kind: 'object', status: 200, body: {} })),
  );
  const ask = async (request: IncomingOptions) => {
    const reply = await handler(newIncoming(request));
    if (reply.kind !== 'object') throw new Error(`answered with ${reply.kind}`);
    return { status: reply.status, message: (reply.body as { message?: string }).message };
  };
  return { ask, asked, clock };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const certificate = (commonName: string, ...organizations: string[]) => ({
  clientCertificate: { commonName, organizations },
});
const forbidden = (user: string, what: string) => ({
  status: 403,
  message: `forbidden: User "${user}" cannot ${what}`,
});

describe('access that the API server decides on', () => {
  it.each<[string, IncomingOptions, object]>([
    ['health is open', { path: '/healthz' }, { status: 200 }],
    ['each check of health too', { path: '/readyz/ping' }, { status: 200 }],
    ['metrics are not', { path: '/metrics' }, forbidden('system:anonymous', 'get path "/metrics"')],
    ['nor what only looks like health', { path: '/healthzy' }, forbidden('system:anonymous', 'get path "/healthzy"')],
    ['a token that is known', { path: '/metrics', headers: bearer('good') }, { status: 200 }],
    ['a token that is not', { path: '/metrics', headers: bearer('bad') }, { status: 401, message: 'Unauthorized' }],
    [
      'a user who may not',
      { path: '/configz', headers: bearer('good') },
      forbidden('prometheus', 'get path "/configz"'),
    ],
    [
      'another verb',
      { path: '/metrics', method: 'POST', ...certificate('jane') },
      forbidden('jane', 'post path "/metrics"'),
    ],
    ['a certificate', { path: '/metrics', ...certificate('prometheus') }, { status: 200 }],
    ['an administrator, without asking', { path: '/x', ...certificate('admin', 'system:masters') }, { status: 200 }],
  ])('%s', async (_, request, expected) => {
    expect(await setUp().ask(request)).toMatchObject(expected);
  });

  it('asks with everything that is known of the user', async () => {
    const { ask, asked } = setUp();
    await ask({ path: '/metrics', headers: bearer('good') });
    expect(asked).toEqual([
      { token: 'good' },
      {
        user: 'prometheus',
        uid: '7',
        groups: ['monitoring', 'system:authenticated'],
        nonResourceAttributes: { path: '/metrics', verb: 'get' },
      },
    ]);
  });

  it('asks again after ten seconds', async () => {
    const { ask, asked, clock } = setUp();
    const request = { path: '/metrics', headers: bearer('good') };
    for (const [waitMs, questions] of [
      [0, 2],
      [9_999, 2],
      [1, 4],
    ] as const) {
      await clock.advance(waitMs);
      await ask(request);
      expect(asked).toHaveLength(questions);
    }
  });

  it('does not remember that it could not ask', async () => {
    const review = jest
      .fn()
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValue({ status: { allowed: true } });
    const access = newDelegatedAccess({ client: { review }, clock: newFakeClock() });
    const { signal } = new AbortController();
    const ask = () =>
      access.isAllowed({ name: 'a', groups: [] }, { resourceAttributes: { resource: 'nodes' } }, signal);
    await expect(ask()).rejects.toThrow('away');
    await expect(ask()).resolves.toBe(true);
  });
});
