import type { Container, Pod, PodSpec, ServiceAccount, Volume } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes } from '@kubephant/serving';
import { randomSuffix } from '../registry/metadata';
import { forbiddenSecret } from './mountable-secrets';
import type { AdmissionDependencies } from './objects';
import { isCore, refuse } from './refuse';

const mirror = 'kubernetes.io/config.mirror';
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
/** How long a new namespace may take to get its account: every attempt waits a tenth of a second. */
const attempts = 10;
const attemptMs = 100;
const never = new AbortController().signal;

/**
 * Gives every new pod the identity of a service account: its name, the token and CA projected into each container,
 * its pull secrets. Refuses accounts that do not exist, and mirror pods that ask for anything of the API.
 */
export function serviceAccount(dependencies: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'ServiceAccount',
    handles: (info, operation) => isCore(info, 'pods') && operation === 'CREATE',
    async admit(attributes) {
      const pod = attributes.object as unknown as Pod;
      if (isMirror(pod)) return;
      const { spec } = pod;
      spec.serviceAccountName ||= spec.serviceAccount || 'default';
      spec.serviceAccount = spec.serviceAccountName;
      const account = await accountOf(dependencies, attributes, spec.serviceAccountName);
      if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(pod);
      if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
        spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => (name === undefined ? {} : { name }));
      }
    },
    async validate(attributes) {
      const pod = attributes.object as unknown as Pod;
      if (isMirror(pod)) checkMirror(attributes, pod);
      else await checkAccount(dependencies, attributes, pod);
    },
  };
}

const isMirror = ({ metadata }: Pod): boolean => Object.hasOwn(metadata.annotations ?? {}, mirror);

function checkMirror(attributes: Attributes, { spec }: Pod): void {
  if (spec.serviceAccountName) throw refuse(attributes, 'a mirror pod may not reference service accounts');
  if (refersToSecrets(spec)) throw refuse(attributes, 'a mirror pod may not reference secrets');
  const sources = (spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  if (sources.some((source) => source.serviceAccountToken)) {
    throw refuse(attributes, 'a mirror pod may not use service account token volume projections');
  }
}

/** Mutations may have taken the account away, or named another. */
async function checkAccount(dependencies: AdmissionDependencies, attributes: Attributes, pod: Pod): Promise<void> {
  const { serviceAccountName } = pod.spec;
  if (!serviceAccountName) {
    const where = `${attributes.info.namespace ?? ''}/${pod.metadata.name}`;
    throw refuse(attributes, `no service account specified for pod ${where}`);
  }
  const account = await accountOf(dependencies, attributes, serviceAccountName);
  const why = forbiddenSecret(pod, account);
  if (why !== undefined) throw refuse(attributes, why);
}

async function accountOf(
  { objects, clock }: AdmissionDependencies,
  attributes: Attributes,
  name: string,
): Promise<ServiceAccount> {
  const { namespace = '' } = attributes.info;
  for (let attempt = 1; ; attempt++) {
    const found = await objects.find<ServiceAccount>('serviceaccounts', namespace, name);
    if (found) return found;
    if (name !== 'default' || attempt === attempts) break;
    // The account controller makes the account of a new namespace a moment after the namespace.
    await clock.sleep(attemptMs, never);
  }
  const account = `${namespace}/${name}`;
  throw refuse(
    attributes,
    `error looking up service account ${account}: serviceaccount ${JSON.stringify(name)} not found`,
  );
}

function mountToken({ spec }: Pod): void {
  const volumes = spec.volumes ?? [];
  const existing = volumes.find(({ name }) => name.startsWith(volumePrefix));
  const name = existing?.name ?? freeName(volumes);
  const containers = [...(spec.initContainers ?? []), ...spec.containers].filter(lacksMount);
  for (const container of containers) {
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
  }
  if (!existing && containers.length > 0) spec.volumes = [...volumes, tokenVolume(name)];
}

const lacksMount = ({ volumeMounts = [] }: Container): boolean =>
  !volumeMounts.some((mount) => mount.mountPath === mountPath);

function freeName(volumes: readonly Volume[]): string {
  const name = `${volumePrefix}${randomSuffix()}`;
  return volumes.some((volume) => volume.name === name) ? freeName(volumes) : name;
}

/** The token, who signed the API server's certificate, and the namespace, as files. */
const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  },
});

function refersToSecrets({ volumes, containers, initContainers, imagePullSecrets }: PodSpec): boolean {
  const environment = [...containers, ...(initContainers ?? [])].flatMap(({ env = [] }) => env);
  const sources = [...containers, ...(initContainers ?? [])].flatMap(({ envFrom = [] }) => envFrom);
  return (
    !!imagePullSecrets?.length ||
    (volumes ?? []).some(({ secret, projected }) => secret ?? projected?.sources?.some((source) => source.secret)) ||
    environment.some(({ valueFrom }) => valueFrom?.secretKeyRef) ||
    sources.some(({ secretRef }) => secretRef)
  );
}
