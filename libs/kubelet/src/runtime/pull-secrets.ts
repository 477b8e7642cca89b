import { is } from '@kubephant/api';
import type { RegistryAuth } from '@kubephant/node';
import type { Pod, Secret } from '@kubephant/schema';
import type { ReferencedObjects } from '../pods/environment';

interface DockerConfig {
  readonly auths?: Readonly<
    Record<string, { readonly username?: string; readonly password?: string; readonly auth?: string }>
  >;
}

/** Credentials for the image's registry from the pod's imagePullSecrets, in their order; a secret that is missing or broken is passed over. */
export async function pullCredentials(pod: Pod, image: string, objects: ReferencedObjects): Promise<RegistryAuth[]> {
  const found: RegistryAuth[] = [];
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    const secret = await readSecret(objects, pod.metadata.namespace ?? '', name);
    const auths = secret ? dockerAuths(secret) : {};
    for (const [registry, auth] of Object.entries(auths)) {
      if (isFor(registry, image)) found.push({ ...auth, serverAddress: registry });
    }
  }
  return found;
}

async function readSecret(objects: ReferencedObjects, namespace: string, name: string): Promise<Secret | undefined> {
  try {
    return await objects.secret(namespace, name);
  } catch (err) {
    if (is('NotFound', err) || is('Timeout', err)) return undefined;
    throw err;
  }
}

function dockerAuths({ data = {} }: Secret): NonNullable<DockerConfig['auths']> {
  const modern = data['.dockerconfigjson'];
  const old = data['.dockercfg'];
  try {
    if (modern !== undefined) return (JSON.parse(Buffer.from(modern, 'base64').toString()) as DockerConfig).auths ?? {};
    return old === undefined
      ? {}
      : (JSON.parse(Buffer.from(old, 'base64').toString()) as NonNullable<DockerConfig['auths']>);
  } catch {
    // Not JSON: a secret of another kind, which says nothing about registries.
    return {};
  }
}

const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

function isFor(registry: string, image: string): boolean {
  const host = registry.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '');
  const [first = ''] = image.split('/');
  const own = image.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
  if (dockerHub.has(host)) return dockerHub.has(own);
  return host === own || image === host || image.startsWith(`${host}/`);
}
