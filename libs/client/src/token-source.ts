import type { KubeObject, ObjectKey } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Client, ResourceRef } from './client';
import type { Transport } from './transport';

/** Where a bearer token comes from. */
export interface TokenSource {
  /** A token that is valid now. Rejects when there is none. */
  token(signal: AbortSignal): Promise<string>;
  /** The server refused the token: do not hand it out again. */
  invalidate(token: string): void;
}

export interface ServiceAccountTokenConfig {
  readonly client: Client;
  readonly clock: Clock;
  readonly serviceAccount: ObjectKey & { readonly namespace: string };
  /** Asked for; the server may give less or more. At least 600. */
  readonly expirationSeconds?: number;
}

interface TokenRequest {
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

const serviceAccountRef: ResourceRef = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  kind: 'ServiceAccount',
  namespaced: true,
};

/** Part of a token's life after which a new one is asked for. */
const refreshAt = 0.8;

/**
 * Tokens of a service account through the TokenRequest API, renewed at 80 % of their life. While renewal fails the old
 * one is used until it expires. Concurrent callers share one request.
 */
export function newServiceAccountTokens(config: ServiceAccountTokenConfig): TokenSource {
  const { clock } = config;
  let current: { readonly token: string; readonly refreshMs: number; readonly expiryMs: number } | undefined;
  let pending: Promise<string> | undefined;

  const renew = async (signal: AbortSignal): Promise<string> => {
    const startedMs = clock.now();
    const { token, expirationTimestamp } = await requestToken(config, signal);
    const expiryMs = Date.parse(expirationTimestamp);
    current = { token, expiryMs, refreshMs: startedMs + (expiryMs - startedMs) * refreshAt };
    return token;
  };

  return {
    async token(signal) {
      if (current && clock.now() < current.refreshMs) return current.token;
      try {
        pending ??= renew(signal).finally(() => (pending = undefined));
        return await pending;
      } catch (err) {
        if (current && clock.now() < current.expiryMs) return current.token;
        throw err;
      }
    },
    invalidate(token) {
      if (current?.token === token) current = undefined;
    },
  };
}

async function requestToken(
  { client, serviceAccount, expirationSeconds = 3600 }: ServiceAccountTokenConfig,
  signal: AbortSignal,
): Promise<TokenRequest['status']> {
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds } };
  const { status } = await client
    .resource<KubeObject>(serviceAccountRef)
    .post<TokenRequest>(serviceAccount, 'token', request, signal);
  return status;
}

/** Sends every request under the source's token. The transport below must not have an identity of its own. */
export function withBearerToken(transport: Transport, source: TokenSource): Transport {
  return {
    async send(request) {
      const token = await source.token(request.signal);
      const response = await transport.send({
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${token}` },
      });
      if (response.status === 401) source.invalidate(token);
      return response;
    },
  };
}
