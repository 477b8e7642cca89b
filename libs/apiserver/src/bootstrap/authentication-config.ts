import { isDeepStrictEqual } from 'node:util';
import { is, type Draft } from '@kubephant/api';
import { configMaps, type Client } from '@kubephant/client';
import type { ConfigMap } from '@kubephant/schema';
import type { RequestHeaderConfig } from '../authentication/request-header';
import { ensure } from './ensure';

const key = { namespace: 'kube-system', name: 'extension-apiserver-authentication' };

export interface AuthenticationSources {
  /** PEM. */
  readonly clientCa?: string;
  readonly requestHeader?: RequestHeaderConfig;
}

/** What extension API servers need to know to recognize clients, and requests that this server passes on to them. */
export function authenticationData({
  clientCa,
  requestHeader,
}: AuthenticationSources): Readonly<Record<string, string>> {
  return {
    ...(clientCa && { 'client-ca-file': clientCa }),
    ...(requestHeader && {
      'requestheader-allowed-names': JSON.stringify(requestHeader.allowedNames),
      'requestheader-client-ca-file': requestHeader.clientCa,
      'requestheader-extra-headers-prefix': JSON.stringify(requestHeader.extraHeaderPrefixes),
      'requestheader-group-headers': JSON.stringify(requestHeader.groupHeaders),
      'requestheader-uid-headers': JSON.stringify(requestHeader.uidHeaders),
      'requestheader-username-headers': JSON.stringify(requestHeader.usernameHeaders),
    }),
  };
}

/** Publishes it where they look for it. */
export async function ensureAuthenticationConfig(
  client: Client,
  sources: AuthenticationSources,
  signal: AbortSignal,
): Promise<void> {
  const data = authenticationData(sources);
  const wanted: Draft<ConfigMap> = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data };
  await ensure(client, configMaps, wanted, signal);
  const api = client.resource(configMaps);
  const stored = await api.get(key, signal);
  if (isDeepStrictEqual({ ...stored.data }, data)) return;
  try {
    await api.update({ ...stored, data }, signal);
  } catch (err) {
    // Another API server was faster.
    if (!is('Conflict', err)) throw err;
  }
}
