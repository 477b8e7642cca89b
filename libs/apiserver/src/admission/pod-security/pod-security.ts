import type { KubeObject } from '@kubephant/api';
import type { Container, CronJob, Deployment, Pod, PodTemplate, PodTemplateSpec } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, RequestInfo } from '@kubephant/serving';
import type { AdmissionDependencies, Objects } from '../objects';
import { isCore, refuse } from '../refuse';
import { containersOf, type PodLike } from './check';
import { podWarnings } from './existing-pods';
import { policyOf, sameStandard, type Policy } from './policy';
import { detailsText, levels, standardText, violations, type Standard } from './standard';

type Namespace = KubeObject;

/** Holds pods to the Pod Security Standards that their namespace names, and warns of templates that would fail them. */
export function podSecurity({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'PodSecurity',
    handles: (info, operation) =>
      (operation === 'CREATE' || operation === 'UPDATE') &&
      (isCore(info, 'namespaces') || isPods(info) || templateOf(info) !== undefined),
    async validate(attributes) {
      const { info } = attributes;
      if (info.resource === 'namespaces') return warnOfExisting(attributes, objects);
      if (isPods(info)) {
        const pod = attributes.object as unknown as Pod;
        if (isSignificant(attributes, pod)) check(attributes, await policyIn(info, objects), pod, true);
        return;
      }
      const template = templateOf(info)?.(attributes.object as KubeObject);
      if (!template) return;
      const { metadata = {}, spec } = template;
      if (spec) check(attributes, await policyIn(info, objects), { metadata, spec }, false);
    },
  };
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

async function policyIn({ namespace = '' }: RequestInfo, objects: Objects): Promise<Policy> {
  const found = await objects.find<Namespace>('namespaces', '', namespace);
  return policyOf(found?.metadata.labels);
}

function check(attributes: Attributes, { enforce, warn }: Policy, pod: PodLike, isEnforced: boolean): void {
  const forbidden = isEnforced ? violations(enforce, pod) : [];
  if (forbidden.length > 0) {
    const standard = JSON.stringify(standardText(enforce));
    throw refuse(attributes, `violates PodSecurity ${standard}: ${detailsText(forbidden)}`);
  }
  const questionable = violations(warn, pod);
  if (questionable.length === 0) return;
  const standard = JSON.stringify(standardText(warn));
  attributes.warn(`would violate PodSecurity ${standard}: ${detailsText(questionable)}`);
}

/** An update of a pod matters where it brings new containers or images; nothing else of it can change. */
function isSignificant({ operation, old }: Attributes, pod: Pod): boolean {
  if (operation === 'CREATE') return true;
  const images = (of: Pod): ReadonlyMap<string, string | undefined> =>
    new Map(containersOf(of).map(({ name, image }: Container) => [name, image]));
  const before = images(old as unknown as Pod);
  return [...images(pod)].some(([name, image]) => !before.has(name) || before.get(name) !== image);
}

/** What was let in before a namespace became stricter stays; whoever makes it stricter hears of it. */
async function warnOfExisting({ object, old, info, warn }: Attributes, objects: Objects): Promise<void> {
  if (!object || !old) return;
  const { enforce } = policyOf(object.metadata.labels);
  if (!isStricter(enforce, policyOf(old.metadata.labels).enforce)) return;
  const namespace = info.name ?? object.metadata.name;
  for (const text of podWarnings(namespace, objects.all<Pod>('pods', namespace), enforce)) warn(text);
}

function isStricter(now: Standard, before: Standard): boolean {
  if (now.level === 'privileged' || sameStandard(now, before)) return false;
  return now.minor !== before.minor || levels.indexOf(now.level) > levels.indexOf(before.level);
}
