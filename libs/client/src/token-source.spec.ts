import { newFakeClock } from '@kubephant/base/testing';
import type { Client } from './client';
import { newServiceAccountTokens, withBearerToken } from './token-source';

const { signal } = new AbortController();
const hour = 3_600_000;

function newIssuer(now: () => number): { readonly client: Client; readonly issued: () => number; fail: boolean } {
  let issued = 0;
  const issuer = {
    fail: false,
    issued: () => issued,
    client: {
      resource: () => ({
        post: async () => {
          if (issuer.fail) throw new Error('down');
          issued += 1;
          return { status: { token: `t${issued}`, expirationTimestamp: new Date(now() + hour).toISOString() } };
        },
      }),
    } as never as Client,
  };
  return issuer;
}

const serviceAccount = { namespace: 'kube-system', name: 'x' };

it('a token is shared until 80 % of its life have passed', async () => {
  const clock = newFakeClock();
  const { client } = newIssuer(() => clock.now());
  const tokens = newServiceAccountTokens({ client, clock, serviceAccount });
  expect(await Promise.all([tokens.token(signal), tokens.token(signal)])).toEqual(['t1', 't1']);
  await clock.advance(0.79 * hour);
  expect(await tokens.token(signal)).toBe('t1');
  await clock.advance(0.02 * hour);
  expect(await tokens.token(signal)).toBe('t2');
});

it('an old token is used while no new one can be had, but not beyond its end', async () => {
  const clock = newFakeClock();
  const issuer = newIssuer(() => clock.now());
  const tokens = newServiceAccountTokens({ client: issuer.client, clock, serviceAccount });
  await tokens.token(signal);
  issuer.fail = true;
  await clock.advance(0.9 * hour);
  expect(await tokens.token(signal)).toBe('t1');
  await clock.advance(0.2 * hour);
  await expect(tokens.token(signal)).rejects.toThrow('down');
});

it('a refused token is not used again', async () => {
  const clock = newFakeClock();
  const { client } = newIssuer(() => clock.now());
  const source = newServiceAccountTokens({ client, clock, serviceAccount });
  const seen: unknown[] = [];
  const transport = withBearerToken(
    {
      async send({ headers }) {
        seen.push(headers?.['authorization']);
        return { status: seen.length === 1 ? 401 : 200, headers: new Map(), body: (async function* () {})() };
      },
    },
    source,
  );
  await transport.send({ method: 'GET', path: '/', signal });
  await transport.send({ method: 'GET', path: '/', signal });
  expect(seen).toEqual(['Bearer t1', 'Bearer t2']);
});
