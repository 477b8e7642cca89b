import type { Container, Volume } from '@kubephant/schema';
import { addedCapabilities, procMount } from './baseline';
import {
  containersOf,
  containersText,
  exceptUserNamespaces,
  exceptWindows,
  joinQuote,
  namesWhere,
  plural,
  settersText,
  sorted,
  violation,
  type Check,
  type CheckPod,
} from './check';
import { seccompProfile } from './profiles';

const allowPrivilegeEscalation: CheckPod = (pod) => {
  const names = namesWhere(pod, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  const detail = `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`;
  return names.length > 0 ? { reason: 'allowPrivilegeEscalation != false', detail } : undefined;
};

const capabilities: CheckPod = (pod) => {
  const keeping = namesWhere(pod, ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'));
  const details = [
    keeping.length > 0 ? `${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]` : '',
    addedCapabilities(pod, new Set(['NET_BIND_SERVICE'])),
  ];
  return violation('unrestricted capabilities', details.filter((detail) => detail !== '').join('; '));
};

const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const restrictedVolumes: CheckPod = ({ spec }) => {
  const kindOf = ({ name: _, ...source }: Volume): string => Object.keys(source)[0] ?? 'unknown';
  const bad = (spec.volumes ?? []).filter((volume) => !allowedVolumes.includes(kindOf(volume)));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map(kindOf));
  const names = joinQuote(bad.map(({ name }) => name));
  const uses = `${plural('uses', bad, 'use')} ${plural('restricted volume type', types)} ${joinQuote(types)}`;
  return { reason: 'restricted volume types', detail: `${plural('volume', bad)} ${names} ${uses}` };
};

/** Containers must say what the pod does not say for them. */
const runAsNonRoot: CheckPod = (pod) => {
  const reason = 'runAsNonRoot != true';
  const ofPod = pod.spec.securityContext?.runAsNonRoot;
  const ofContainer = ({ securityContext }: Container): boolean | undefined => securityContext?.runAsNonRoot;
  const setters = settersText(
    ofPod === false,
    namesWhere(pod, (container) => ofContainer(container) === false),
  );
  if (setters) return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  const silent = ofPod ? [] : namesWhere(pod, (container) => ofContainer(container) === undefined);
  const detail = `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true`;
  return silent.length > 0 ? { reason, detail } : undefined;
};

const runAsUser: CheckPod = (pod) => {
  const setters = settersText(
    pod.spec.securityContext?.runAsUser === 0,
    namesWhere(pod, ({ securityContext }) => securityContext?.runAsUser === 0),
  );
  return violation('runAsUser=0', setters && `${setters} must not set runAsUser=0`);
};

const mustSetSeccomp: CheckPod = (pod) => {
  const bad = seccompProfile(pod);
  if (bad || pod.spec.securityContext?.seccompProfile) return bad;
  const silent = containersOf(pod)
    .filter(({ securityContext }) => !securityContext?.seccompProfile)
    .map(({ name }) => name);
  const demand = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return silent.length > 0
    ? { reason: 'seccompProfile', detail: `pod or ${containersText(silent)} ${demand}` }
    : undefined;
};

/** The rules that the level `restricted` adds, by id. */
export const restricted: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    versions: [
      [8, allowPrivilegeEscalation],
      [25, exceptWindows(allowPrivilegeEscalation)],
    ],
  },
  {
    id: 'capabilities_restricted',
    versions: [
      [22, capabilities],
      [25, exceptWindows(capabilities)],
    ],
    overrides: ['capabilities_baseline'],
  },
  { id: 'procMount_restricted', versions: [[35, procMount]] },
  { id: 'restrictedVolumes', versions: [[0, restrictedVolumes]], overrides: ['hostPathVolumes'] },
  {
    id: 'runAsNonRoot',
    versions: [
      [0, runAsNonRoot],
      [35, exceptUserNamespaces(runAsNonRoot)],
    ],
  },
  {
    id: 'runAsUser',
    versions: [
      [23, runAsUser],
      [35, exceptUserNamespaces(runAsUser)],
    ],
  },
  {
    id: 'seccompProfile_restricted',
    versions: [
      [19, mustSetSeccomp],
      [25, exceptWindows(mustSetSeccomp)],
    ],
    overrides: ['seccompProfile_baseline'],
  },
];
