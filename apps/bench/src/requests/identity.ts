import type { ServerConfig } from '@kubephant/http-client';
import { withoutIdentity } from '@kubephant/http-client';
import { expectCreated } from '../api/scenarios';
import { Wire } from '../api/wire';

/**
 * A typical client: a service account with a role, known by its token. (The administrator of most clusters is in a group
 * that is asked no questions.)
 */
export async function serviceAccountIn(namespace: string, admin: ServerConfig): Promise<ServerConfig> {
  const wire = await Wire.open(admin);
  const create = (path: string, object: object): Promise<void> => expectCreated(wire, path, JSON.stringify(object));
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  // Pods need their namespace's own account, also where no controller makes one.
  for (const name of ['default', 'bench']) {
    await create(accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  }
  await create(`/apis/rbac.authorization.k8s.io/v1/clusterrolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'bench', namespace }],
  });
  const token = await tokenFrom(wire, `${accounts}/bench/token`);
  wire.close();
  return { ...withoutIdentity(admin), token: async () => token };
}

async function tokenFrom(wire: Wire, path: string): Promise<string> {
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 7200 } };
  const { status, body } = await wire.exchange('POST', path, JSON.stringify(request), true);
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${body.toString().slice(0, 300)}`);
  return (JSON.parse(body.toString()) as { status: { token: string } }).status.token;
}
