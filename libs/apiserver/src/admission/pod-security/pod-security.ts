import type { KubeObject } from '@kubephant/api';
import type { Container, CronJob, Deployment, Pod, PodSpec, PodTemplate, PodTemplateSpec } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, RequestInfo } from '@kubephant/serving';
import type { AdmissionDependencies } from '../objects';
import { isCore } from '../refuse';
import type { PodSecurityConfiguration } from './configuration';
import { evaluate } from './evaluate';
import type { PodSecurityMetrics } from './metrics';
import { checkNamespace } from './namespaces';
import { defaultPolicy, isPrivileged, policyOf, type NamespacePolicy } from './policy';

export interface PodSecurityDependencies extends AdmissionDependencies {
  readonly configuration: PodSecurityConfiguration;
  readonly metrics: PodSecurityMetrics;
}

/** Holds pods to the Pod Security Standards that their namespace names, and warns of templates that would fail them. */
export function podSecurity({ objects, configuration, metrics }: PodSecurityDependencies): AdmissionPlugin {
  const defaults = defaultPolicy(configuration);
  const { exemptions } = configuration;
  const known = new WeakMap<KubeObject, NamespacePolicy>();
  const policyIn = (namespace: KubeObject): NamespacePolicy => {
    const policy = known.get(namespace) ?? policyOf(namespace.metadata.labels, defaults);
    known.set(namespace, policy);
    return policy;
  };
  const isExempt = ({ info, user }: Attributes): boolean =>
    exemptions.namespaces.includes(info.namespace ?? '') || exemptions.usernames.includes(user.name);
  const isUnbound = ({ runtimeClassName }: PodSpec): boolean =>
    !!runtimeClassName && exemptions.runtimeClasses.includes(runtimeClassName);

  const checkPods = async (attributes: Attributes): Promise<void> => {
    if (isExempt(attributes)) {
      metrics.exempted(attributes);
      return;
    }
    const namespace = await objects.find('namespaces', '', attributes.info.namespace ?? '');
    const policy = namespace ? policyIn(namespace) : policyOf(undefined, defaults);
    const isEnforced = isPods(attributes.info);
    if (!policy.isDoubtful && isOfNoConcern(policy, isEnforced)) {
      if (isEnforced) metrics.evaluated('allow', 'enforce', policy.enforce, attributes);
      return;
    }
    const pod = podIn(attributes);
    if (!pod?.spec) return;
    if (isUnbound(pod.spec)) metrics.exempted(attributes);
    else evaluate(attributes, policy, { metadata: pod.metadata ?? {}, spec: pod.spec }, { isEnforced, metrics });
  };

  return {
    name: 'PodSecurity',
    handles: (info, operation) =>
      (operation === 'CREATE' || operation === 'UPDATE') &&
      (isCore(info, 'namespaces') || isPods(info) || templateOf(info) !== undefined),
    async validate(attributes) {
      if (attributes.info.resource !== 'namespaces') return checkPods(attributes);
      checkNamespace(attributes, { objects, configuration, defaults, policyOf: policyIn });
    },
  };
}

const isOfNoConcern = (policy: NamespacePolicy, isEnforced: boolean): boolean =>
  isEnforced ? isPrivileged(policy) : policy.warn.level === 'privileged' && policy.audit.level === 'privileged';

/** What would run; undefined: nothing that matters. */
function podIn(attributes: Attributes): PodTemplateSpec | undefined {
  const { info, object } = attributes;
  if (!isPods(info)) return object && templateOf(info)?.(object);
  const pod = object as unknown as Pod;
  return isSignificant(attributes, pod) ? pod : undefined;
}

/** Subresources of pods that cannot change what a pod may do. */
const harmless = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);

const isPods = ({ group, resource, subresource }: RequestInfo): boolean =>
  group === '' && resource === 'pods' && !(subresource !== undefined && harmless.has(subresource));

type TemplateOf = (obj: KubeObject) => PodTemplateSpec | undefined;
const ofSpec: TemplateOf = (obj) => (obj as unknown as Deployment).spec.template;

/** Where the kinds that make pods keep what they make them of. */
const templates: ReadonlyMap<string, TemplateOf> = new Map<string, TemplateOf>([
  ['podtemplates', (obj) => (obj as unknown as PodTemplate).template],
  ['replicationcontrollers', ofSpec],
  ...['daemonsets', 'deployments', 'replicasets', 'statefulsets'].map((name) => [`${name}.apps`, ofSpec] as const),
  ['jobs.batch', ofSpec],
  ['cronjobs.batch', (obj) => (obj as unknown as CronJob).spec.jobTemplate.spec?.template],
]);

const templateOf = ({ group, resource, subresource }: RequestInfo): TemplateOf | undefined =>
  subresource === undefined ? templates.get(group ? `${resource}.${group}` : resource) : undefined;

type Listed = Pick<Container, 'name' | 'image'>;

/** An update of a pod matters where it brings other containers or images; nothing else of it can change. */
function isSignificant({ operation, old }: Attributes, { spec }: Pod): boolean {
  if (operation === 'CREATE') return true;
  const { spec: before } = old as unknown as Pod;
  const ephemeral = new Map((before.ephemeralContainers ?? []).map(({ name, image }) => [name, image] as const));
  return (
    differ(spec.containers, before.containers) ||
    differ(spec.initContainers ?? [], before.initContainers ?? []) ||
    (spec.ephemeralContainers ?? []).some(({ name, image }) => !ephemeral.has(name) || ephemeral.get(name) !== image)
  );
}

const differ = (now: readonly Listed[], before: readonly Listed[]): boolean =>
  now.length !== before.length || now.some(({ image }, index) => image !== before[index]?.image);
