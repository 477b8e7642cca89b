import type { Clock } from '@kubephant/base';
import { serviceAccounts, type Client } from '@kubephant/client';
import type { Pod, ServiceAccountTokenProjection } from '@kubephant/schema';

/** Tokens of service accounts bound to pods, asked for once and again when four fifths of their time are over. */
export interface PodTokens {
  token(pod: Pod, projection: ServiceAccountTokenProjection, signal: AbortSignal): Promise<string>;
  forget(uid: string): void;
}

const hourSeconds = 3600;
const maxAgeMs = 24 * hourSeconds * 1000;

interface Held {
  readonly token: string;
  readonly renewAtMs: number;
}

interface TokenRequest {
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

export function newPodTokens(client: Client, clock: Clock): PodTokens {
  const held = new Map<string, Held>();
  return {
    async token(pod, projection, signal) {
      const { audience = '', expirationSeconds = hourSeconds } = projection;
      const key = JSON.stringify([pod.metadata.uid, audience, expirationSeconds]);
      const known = held.get(key);
      if (known && clock.now() < known.renewAtMs) return known.token;
      const request = tokenRequest(pod, audience, expirationSeconds);
      const account = { namespace: pod.metadata.namespace, name: pod.spec.serviceAccountName ?? 'default' };
      const askedAtMs = clock.now();
      const { status } = await client.resource(serviceAccounts).post<TokenRequest>(account, 'token', request, signal);
      const lifetimeMs = Date.parse(status.expirationTimestamp) - askedAtMs;
      held.set(key, { token: status.token, renewAtMs: askedAtMs + Math.min(lifetimeMs * 0.8, maxAgeMs) });
      return status.token;
    },
    forget(uid) {
      for (const key of held.keys()) if (key.startsWith(`[${JSON.stringify(uid)},`)) held.delete(key);
    },
  };
}

function tokenRequest({ metadata }: Pod, audience: string, expirationSeconds: number): object {
  return {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      audiences: audience === '' ? [] : [audience],
      expirationSeconds,
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid },
    },
  };
}
