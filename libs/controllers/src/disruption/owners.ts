import { controllerOf, is, parseApiVersion, type KubeObject, type OwnerReference } from '@kubephant/api';
import {
  deployments,
  replicaSets,
  replicationControllers,
  statefulSets,
  type Client,
  type ResourceRef,
} from '@kubephant/client';
import type { Informers, SharedInformer } from '@kubephant/informer';

/** Who decides how many pods there are, and how many. */
export interface OwnerScale {
  readonly uid: string;
  readonly replicas: number;
}

/** Finds out what the owner is to have; undefined: it is gone. Rejects when it is of a kind that has no scale. */
export type FindScale = (owner: OwnerReference, namespace: string | undefined) => Promise<OwnerScale | undefined>;

type Scalable = KubeObject & { readonly spec: { readonly replicas?: number } };
type Find = (owner: OwnerReference, namespace: string | undefined) => Scalable | undefined;

/** The groups that the kinds of apps have been in. */
const appGroups = ['apps', 'extensions'];

/** Owners of the usual kinds are in sight; any other is asked for its scale, under the rights of `client`. */
export class Owners {
  readonly informers: readonly SharedInformer<KubeObject>[];
  readonly #client: Client;
  readonly #find: Find;

  constructor(client: Client, informers: Informers) {
    this.#client = client;
    const open = <T extends KubeObject>(ref: ResourceRef<T>) => informers.of(ref) as object as SharedInformer<Scalable>;
    const rows = [
      { ref: replicationControllers, groups: [''], informer: open(replicationControllers) },
      { ref: deployments, groups: appGroups, informer: open(deployments) },
      { ref: replicaSets, groups: appGroups, informer: open(replicaSets) },
      { ref: statefulSets, groups: ['apps'], informer: open(statefulSets) },
    ];
    this.informers = rows.map(({ informer }) => informer as object as SharedInformer<KubeObject>);
    this.#find = ({ apiVersion, kind, name, uid }, namespace) => {
      const { group } = parseApiVersion(apiVersion);
      const row = rows.find(({ ref, groups }) => ref.kind === kind && groups.includes(group));
      const found = row?.informer.lister.get({ ...(namespace && { namespace }), name });
      return found?.metadata.uid === uid ? found : undefined;
    };
  }

  /** Where a Deployment stands behind a ReplicaSet, it is who decides. */
  readonly find = async (
    owner: OwnerReference,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<OwnerScale | undefined> => {
    const found = owner.kind === 'Deployment' ? undefined : this.#find(owner, namespace);
    const above = found && owner.kind === 'ReplicaSet' ? controllerOf(found) : undefined;
    const decides = above?.kind === 'Deployment' ? this.#find(above, namespace) : found;
    if (decides) return { uid: decides.metadata.uid, replicas: decides.spec.replicas ?? 1 };
    return await this.#ask(owner, namespace, signal);
  };

  async #ask(owner: OwnerReference, namespace = '', signal: AbortSignal): Promise<OwnerScale | undefined> {
    const { apiVersion, kind, name, uid } = owner;
    const { group } = parseApiVersion(apiVersion);
    const root = group ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources } = (await this.#client.raw(root, signal)) as ResourceList;
    const plural = resources.find((one) => one.kind === kind && !one.name.includes('/'))?.name;
    if (plural === undefined) throw new Error(`no matches for kind ${JSON.stringify(kind)} in version "${apiVersion}"`);
    if (!resources.some((one) => one.name === `${plural}/scale`)) {
      throw new Error(`${group ? `${plural}.${group}` : plural} does not implement the scale subresource`);
    }
    const path = [root, 'namespaces', namespace, plural, encodeURIComponent(name), 'scale'].join('/');
    const scale = await this.#scale(path, signal);
    return scale?.metadata.uid === uid ? { uid, replicas: scale.spec.replicas ?? 0 } : undefined;
  }

  async #scale(path: string, signal: AbortSignal): Promise<Scalable | undefined> {
    try {
      return (await this.#client.raw(path, signal)) as Scalable;
    } catch (err) {
      if (is('NotFound', err)) return undefined;
      throw err;
    }
  }
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string }[];
}
