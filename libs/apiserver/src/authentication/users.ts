import type { UserInfo } from '@kubephant/serving';

export const masters = 'system:masters';
export const authenticated = 'system:authenticated';
export const unauthenticated = 'system:unauthenticated';

/** A request without credentials. */
export const anonymous: UserInfo = { name: 'system:anonymous', groups: [unauthenticated] };

/** Where a user's `extra` says which of their credentials it was: `X509SHA256=…`, `JTI=…` (KEP-4193). */
export const credentialId = 'authentication.kubernetes.io/credential-id';

const prefix = 'system:serviceaccount:';

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

export const serviceAccountUsername = ({ namespace, name }: ServiceAccountName): string =>
  `${prefix}${namespace}:${name}`;

/** The service account a user name stands for, if it is one. */
export function serviceAccountOf(username: string): ServiceAccountName | undefined {
  if (!username.startsWith(prefix)) return undefined;
  const [namespace, name, ...more] = username.slice(prefix.length).split(':');
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}

export const serviceAccountGroups = ({ namespace }: ServiceAccountName): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

/** The node a user is the kubelet of: `system:node:NAME` in the group of nodes. */
export function nodeNameOf({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith('system:node:') || !groups.includes('system:nodes')) return undefined;
  return name.slice('system:node:'.length);
}
