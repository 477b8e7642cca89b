import { is } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import {
  newClient,
  newServiceAccountTokens,
  serviceAccounts,
  withBearerToken,
  type Client,
  type TokenSource,
  type Transport,
} from '@kubephant/client';

export interface CredentialsDeps {
  /** May create service accounts in kube-system and tokens of them. */
  readonly client: Client;
  /** A way to the same server without an identity of its own. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** The name of the program; a client says which controller it speaks for. */
  readonly userAgent: string;
}

const namespace = 'kube-system';

interface AccountKey {
  readonly namespace: string;
  readonly name: string;
}

/** Clients under a service account each, in kube-system; the accounts are made when they are missing. */
export function newCredentials({
  client,
  transport,
  clock,
  userAgent,
}: CredentialsDeps): (serviceAccount: string) => Client {
  const clients = new Map<string, Client>();
  return (name) => {
    const known = clients.get(name);
    if (known) return known;
    const serviceAccount = { namespace, name };
    const tokens = withAccount(client, serviceAccount, newServiceAccountTokens({ client, clock, serviceAccount }));
    const own = newClient(withBearerToken(transport, tokens), { userAgent: `${userAgent}/${name}` });
    clients.set(name, own);
    return own;
  };
}

/** Makes the account when the server does not know it. */
function withAccount(client: Client, key: AccountKey, tokens: TokenSource): TokenSource {
  return {
    invalidate: (token) => tokens.invalidate(token),
    async token(signal) {
      try {
        return await tokens.token(signal);
      } catch (err) {
        if (!is('NotFound', err)) throw err;
        await create(client, key, signal);
        return await tokens.token(signal);
      }
    },
  };
}

async function create(client: Client, key: AccountKey, signal: AbortSignal): Promise<void> {
  try {
    await client
      .resource(serviceAccounts)
      .create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...key } }, signal);
  } catch (err) {
    if (!is('AlreadyExists', err)) throw err;
  }
}
