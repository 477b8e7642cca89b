import { sameJson, type KubeObject } from '@kubephant/api';
import type { Node, Pod, TokenRequest } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, UserInfo } from '@kubephant/serving';
import type { AdmissionDependencies, Objects } from './objects';
import { refuse } from './refuse';

const nodeUser = 'system:node:';
const mirror = 'kubernetes.io/config.mirror';
const leaseNamespace = 'kube-node-lease';

type Check = (attributes: Attributes, node: string, objects: Objects) => Promise<void> | void;

/** What a kubelet may write, however RBAC is set: itself, its lease, its pods, tokens of its pods. */
export function nodeRestriction({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'NodeRestriction',
    handles: (_info, operation) => operation !== 'CONNECT',
    // Before anything else is said of what a kubelet wants, as upstream.
    async admit(attributes) {
      const node = nodeOf(attributes.user);
      if (node === undefined) return;
      const { group, resource } = attributes.info;
      const check = checks.get(group ? `${resource}.${group}` : resource);
      await check?.(attributes, node, objects);
    },
  };
}

const nodeOf = ({ name, groups }: UserInfo): string | undefined =>
  groups.includes('system:nodes') && name.startsWith(nodeUser) ? name.slice(nodeUser.length) : undefined;

const quoted = (name: string): string => JSON.stringify(name);

async function checkPods(attributes: Attributes, node: string, objects: Objects): Promise<void> {
  const { info } = attributes;
  if (info.subresource === undefined) checkWholePods(attributes, node);
  else if (info.subresource === 'status') {
    checkOwnPod(attributes, node, 'update pod status for');
    checkPodStatus(attributes, node);
  } else if (info.subresource === 'eviction') {
    const pod = await objects.find<Pod>('pods', info.namespace ?? '', info.name ?? '');
    checkOwnPod({ ...attributes, ...(pod && { old: pod }) }, node, 'evict');
  } else {
    const given = quoted(info.subresource);
    throw refuse(attributes, `unexpected pod subresource ${given}, only 'status' and 'eviction' are allowed`);
  }
}

/** Labels say who selects a pod, and its claims what it may use: neither is for its node to say. */
function checkPodStatus(attributes: Attributes, node: string): void {
  const [pod, old] = [attributes.object, attributes.old] as unknown as readonly [Pod, Pod];
  if (!sameJson(pod.metadata.labels ?? {}, old.metadata.labels ?? {})) {
    throw refuse(attributes, `node ${quoted(node)} cannot update labels through pod status`);
  }
  if (!sameJson(pod.status?.resourceClaimStatuses ?? [], old.status?.resourceClaimStatuses ?? [])) {
    throw refuse(attributes, `node ${quoted(node)} cannot update resource claim statues`);
  }
}

function checkWholePods(attributes: Attributes, node: string): void {
  const { operation } = attributes;
  if (operation === 'CREATE') checkMirror(attributes, node);
  else if (operation === 'DELETE') checkOwnPod(attributes, node, 'delete');
  else {
    const why = `unexpected operation ${quoted(operation)}, node ${quoted(node)} can only create and delete mirror pods`;
    throw refuse(attributes, why);
  }
}

function checkOwnPod(attributes: Attributes, node: string, what: string): void {
  const pod = attributes.old as unknown as Pod | undefined;
  if (pod?.spec.nodeName === node) return;
  throw refuse(attributes, `node ${quoted(node)} can only ${what} pods with spec.nodeName set to itself`);
}

function checkMirror(attributes: Attributes, node: string): void {
  const { metadata, spec } = attributes.object as unknown as Pod;
  if (!Object.hasOwn(metadata.annotations ?? {}, mirror)) {
    throw refuse(
      attributes,
      `pod does not have ${quoted(mirror)} annotation, node ${quoted(node)} can only create mirror pods`,
    );
  }
  if (spec.nodeName !== node) {
    throw refuse(attributes, `node ${quoted(node)} can only create pods with spec.nodeName set to itself`);
  }
  checkOwner(attributes, node, metadata.ownerReferences ?? []);
  const referred = referredBy(spec);
  if (referred) throw refuse(attributes, `node ${quoted(node)} can not create pods that reference ${referred}`);
}

function checkOwner(
  attributes: Attributes,
  node: string,
  owners: NonNullable<KubeObject['metadata']['ownerReferences']>,
): void {
  const [owner] = owners;
  if (owners.length > 1)
    throw refuse(attributes, `node ${quoted(node)} can only create pods with a single owner reference set to itself`);
  if (!owner) return;
  if (owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node || owner.controller === false) {
    throw refuse(attributes, `node ${quoted(node)} can only create pods with an owner reference set to itself`);
  }
}

/** The first thing of the API that a pod refers to; mirror pods may refer to nothing. */
function referredBy({ serviceAccountName, volumes = [] }: Pod['spec']): string | undefined {
  if (serviceAccountName) return 'a service account';
  if (volumes.some(({ secret }) => secret)) return 'secrets';
  if (volumes.some(({ configMap }) => configMap)) return 'configmaps';
  return volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim) ? 'persistentvolumeclaims' : undefined;
}

function checkNodes(attributes: Attributes, node: string): void {
  const { info, object, old, operation } = attributes;
  const name = object?.metadata.name ?? info.name ?? '';
  if (name !== node) throw refuse(attributes, `node ${quoted(node)} is not allowed to modify node ${quoted(name)}`);
  if (!object) return;
  checkLabels(attributes, node, changedLabels(labelsOf(object), labelsOf(old)));
  if (operation === 'UPDATE' && !sameJson(taintsOf(object), taintsOf(old))) {
    throw refuse(attributes, `node ${quoted(node)} is not allowed to modify taints`);
  }
}

const labelsOf = (obj: KubeObject | undefined): Labels => obj?.metadata.labels ?? {};
const taintsOf = (obj: KubeObject | undefined): readonly unknown[] =>
  (obj as unknown as Partial<Node> | undefined)?.spec?.taints ?? [];

type Labels = Readonly<Record<string, string>>;

const changedLabels = (labels: Labels, old: Labels): readonly string[] =>
  [...new Set([...Object.keys(labels), ...Object.keys(old)])].filter((key) => labels[key] !== old[key]).sort();

const restrictedPrefix = 'node-restriction.kubernetes.io/';

/** Labels of kubernetes.io and k8s.io that a kubelet may set on itself. */
const ownLabels = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.kubernetes.io/zone',
  'failure-domain.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
]);

function checkLabels(attributes: Attributes, node: string, changed: readonly string[]): void {
  const refused = changed.filter((key) => !mayLabel(key));
  if (refused.length === 0) return;
  const verb = attributes.operation === 'CREATE' ? 'set the following labels' : 'modify labels';
  throw refuse(attributes, `node ${quoted(node)} is not allowed to ${verb}: ${refused.join(', ')}`);
}

function mayLabel(key: string): boolean {
  const prefix = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  if (key.startsWith(restrictedPrefix) || prefix.endsWith(`.${restrictedPrefix.slice(0, -1)}`)) return false;
  const reserved = ['kubernetes.io', 'k8s.io'].some((domain) => prefix === domain || prefix.endsWith(`.${domain}`));
  const kubelet = ['kubelet.kubernetes.io', 'node.kubernetes.io'].some(
    (own) => prefix === own || prefix.endsWith(`.${own}`),
  );
  return !reserved || kubelet || ownLabels.has(key);
}

function checkCSINodes(attributes: Attributes, node: string): void {
  const { info, object } = attributes;
  if ((object?.metadata.name ?? info.name) !== node) {
    throw refuse(attributes, 'can only access CSINode with the same name as the requesting node');
  }
}

function checkLeases(attributes: Attributes, node: string): void {
  const { info, object } = attributes;
  if (info.namespace !== leaseNamespace) {
    throw refuse(attributes, `can only access leases in the ${quoted(leaseNamespace)} system namespace`);
  }
  if ((object?.metadata.name ?? info.name) !== node) {
    throw refuse(attributes, 'can only access node lease with the same name as the requesting node');
  }
}

async function checkTokens(attributes: Attributes, node: string, objects: Objects): Promise<void> {
  const { info, operation, object } = attributes;
  if (info.subresource !== 'token' || operation !== 'CREATE') return;
  const ref = (object as unknown as TokenRequest).spec.boundObjectRef;
  if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name)
    throw refuse(attributes, 'node requested token not bound to a pod');
  if (!ref.uid) throw refuse(attributes, 'node requested token with a pod binding without a uid');
  const pod = await objects.find<Pod>('pods', info.namespace ?? '', ref.name);
  if (!pod) throw refuse(attributes, `pod ${quoted(ref.name)} not found`);
  if (pod.metadata.uid !== ref.uid) {
    throw refuse(
      attributes,
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  if (pod.spec.nodeName !== node)
    throw refuse(attributes, 'node requested token bound to a pod scheduled on a different node');
}

const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['pods', checkPods],
  ['nodes', checkNodes],
  ['leases.coordination.k8s.io', checkLeases],
  ['csinodes.storage.k8s.io', checkCSINodes],
  ['serviceaccounts', checkTokens],
]);
