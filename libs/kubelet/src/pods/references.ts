import type { Pod, Volume, VolumeProjection } from '@kubephant/schema';
import { containersOf } from './containers';

/** A ConfigMap or Secret that a pod cannot do without (or would like to have). */
export interface Reference {
  readonly resource: 'configmaps' | 'secrets';
  readonly namespace: string;
  readonly name: string;
}

interface Named {
  readonly name?: string;
}

/** Everything a pod may want to read: for environments, volumes and the registries of its images. */
export function referencesOf(pod: Pod): readonly Reference[] {
  const namespace = pod.metadata.namespace ?? '';
  const of = (resource: Reference['resource'], named: readonly (Named | undefined)[]): Reference[] =>
    named.flatMap((one) => (one?.name ? [{ resource, namespace, name: one.name }] : []));
  const containers = containersOf(pod).map(({ spec }) => spec);
  const sources = containers.flatMap(({ envFrom = [] }) => envFrom);
  const variables = containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom));
  const projections = (pod.spec.volumes ?? []).flatMap(projectionsOf);
  return [
    ...of('secrets', pod.spec.imagePullSecrets ?? []),
    ...of(
      'configmaps',
      [...sources, ...projections].map(({ configMap, configMapRef }: Sources) => configMap ?? configMapRef),
    ),
    ...of(
      'secrets',
      [...sources, ...projections].map(({ secret, secretRef }: Sources) => secret ?? secretRef),
    ),
    ...of(
      'configmaps',
      variables.map((from) => from?.configMapKeyRef),
    ),
    ...of(
      'secrets',
      variables.map((from) => from?.secretKeyRef),
    ),
  ];
}

/** Where a name can be in `envFrom` and in the sources of a volume. */
interface Sources {
  readonly configMap?: Named;
  readonly configMapRef?: Named;
  readonly secret?: Named;
  readonly secretRef?: Named;
}

/** A volume of one source, seen as a projected one. */
function projectionsOf({ configMap, secret, projected }: Volume): readonly VolumeProjection[] {
  return [
    ...(configMap ? [{ configMap }] : []),
    ...(secret?.secretName === undefined ? [] : [{ secret: { name: secret.secretName } }]),
    ...(projected?.sources ?? []),
  ];
}
