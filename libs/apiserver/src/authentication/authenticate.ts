import { StatusError, unauthorized } from '@kubephant/api';
import type { Clock, Metrics } from '@kubephant/base';
import {
  statusReply,
  withFacts,
  type Authenticated,
  type Authenticator,
  type ClientCertificate,
  type Filter,
  type Incoming,
  type Resolved,
  type UserInfo,
} from '@kubephant/serving';
import { bearerOf, hasExtraSpace } from './bearer';
import { memoized } from '../memoized';
import { comesFrom } from './request-header';
import { anonymous, authenticated, credentialId } from './users';

/** Recognizes bearer tokens of one sort; undefined: not mine. Throws Unauthorized for one that is mine and wrong. */
export interface TokenAuthenticator {
  /** `audiences`: whom the token must be meant for; absent: this server. */
  authenticate(token: string, audiences?: readonly string[]): Promise<UserInfo | undefined>;
}

/**
 * The holder of a trusted client certificate: its common name, in the groups its organizations name. `others` are
 * fingerprints of authorities that are trusted for something else.
 */
export const clientCertificates = (others: ReadonlySet<string> = new Set()): Authenticator => ({
  async authenticate({ clientCertificate, clientCertificateError }) {
    if (clientCertificateError !== undefined) throw unauthorized();
    if (!clientCertificate?.commonName || comesFrom(clientCertificate, others)) return undefined;
    return holderOf(clientCertificate);
  },
});

const holderOf = memoized(({ commonName, organizations, fingerprint }: ClientCertificate): UserInfo => ({
  name: commonName,
  groups: organizations,
  ...(fingerprint !== undefined && { extra: { [credentialId]: [`X509SHA256=${hexOf(fingerprint)}`] } }),
}));

const hexOf = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

/** Asks each for the token; the first that knows it decides. */
export function unionOfTokens(authenticators: readonly TokenAuthenticator[]): TokenAuthenticator {
  return {
    async authenticate(token, audiences) {
      for (const each of authenticators) {
        const user = await each.authenticate(token, audiences);
        if (user) return user;
      }
      return undefined;
    },
  };
}

/** The bearer of a token. A token that nobody knows is refused, not overlooked. */
export function bearerTokens(tokens: TokenAuthenticator): Authenticator {
  return {
    async authenticate(req) {
      const bearer = bearerOf(req);
      if (!bearer) return undefined;
      const user = await tokens.authenticate(bearer.token);
      if (!user) throw unauthorized();
      if (bearer.upgrade) withFacts(req, { upgrade: bearer.upgrade });
      return user;
    },
  };
}

/** Asks each in turn; one success outweighs others' refusals (a stale certificate beside a good token). */
export function unionOf(authenticators: readonly Authenticator[]): Authenticator {
  return {
    async authenticate(req) {
      let refusal: unknown;
      for (const each of authenticators) {
        try {
          const user = await each.authenticate(req);
          if (user) return user;
        } catch (err) {
          refusal ??= err;
        }
      }
      if (refusal) throw refusal as Error;
      return undefined;
    },
  };
}

export interface AuthenticationOptions {
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Whether requests without credentials are served as system:anonymous. */
  readonly allowAnonymous: boolean;
}

/** Finds out who asks. Everyone but the anonymous is in `system:authenticated`. */
export function withAuthentication(
  authenticator: Authenticator,
  { metrics, clock, allowAnonymous }: AuthenticationOptions,
): Filter<Resolved, Authenticated> {
  const instruments = newInstruments(metrics);
  const identify = async (req: Incoming): Promise<UserInfo> => {
    const user = await authenticator.authenticate(req);
    if (!user && !allowAnonymous) throw unauthorized();
    instruments.attempts.inc({ result: 'success' });
    const { expiresMs } = req.clientCertificate ?? {};
    if (expiresMs !== undefined) instruments.expiration.observe({}, (expiresMs - clock.now()) / 1000);
    return user ? withAuthenticatedGroup(user) : anonymous;
  };
  return (next) => async (req) => {
    warnOfExtraSpace(req);
    let user: UserInfo;
    try {
      user = await identify(req);
    } catch (err) {
      if (!(err instanceof StatusError) || err.reason !== 'Unauthorized') throw err;
      instruments.attempts.inc({ result: 'failure' });
      return statusReply(unauthorized());
    }
    return next(withFacts(req, { user }));
  };
}

const hour = 3600;
const day = 24 * hour;
const expirationBuckets = [
  ...[0, hour / 2, hour, 2 * hour, 6 * hour, 12 * hour],
  ...[1, 2, 4, 7, 30, 90, 180, 360].map((days) => days * day),
];

function newInstruments(metrics: Metrics) {
  return {
    attempts: metrics.counter('authentication_attempts', 'Counter of authenticated attempts.', ['result']),
    expiration: metrics.histogram(
      'apiserver_client_certificate_expiration_seconds',
      'Distribution of the remaining lifetime on the certificate used to authenticate a request.',
      expirationBuckets,
    ),
  };
}

export const withAuthenticatedGroup = memoized((user: UserInfo): UserInfo =>
  user.groups.includes(authenticated) ? user : { ...user, groups: [...user.groups, authenticated] },
);

function warnOfExtraSpace({ headers, warn }: Incoming & Pick<Resolved, 'warn'>): void {
  const header = headers.get('authorization');
  if (header === null || !hasExtraSpace(header)) return;
  warn('the provided Authorization header contains extra space before the bearer token, and is ignored');
}
