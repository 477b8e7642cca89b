import { Quantity } from '@kubephant/api';
import type { Container, EphemeralContainer, Lifecycle, PodSpec, PodTemplateSpec, Probe } from '@kubephant/schema';
import { listOf } from '../validation/checks';
import { isLatest } from './image';
import { setVolumeDefaults } from './volume-defaults';

type Amounts = Record<string, string>;

/** Amounts finer than a thousandth are rounded up: nothing measures them. */
export function roundAmounts(amounts: Amounts | undefined): void {
  for (const [name, text] of Object.entries(amounts ?? {})) {
    const amount = Quantity.parse(text);
    const isFine = !Quantity.of(amount.milliValue(), -3).equals(amount);
    if (amounts && isFine) amounts[name] = Quantity.of(amount.milliValue(), -3, amount.format).toString();
  }
}

function setHttpGet(action: Probe['httpGet']): void {
  if (!action) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}

function setProbe(probe: Probe | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  setHttpGet(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= '';
}

function setLifecycle({ postStart, preStop }: Lifecycle): void {
  setHttpGet(postStart?.httpGet);
  setHttpGet(preStop?.httpGet);
}

function setEnv(container: Container): void {
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= 'v1';
    if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= '0';
    if (valueFrom?.fileKeyRef) valueFrom.fileKeyRef.optional ??= false;
  }
}

function setContainer(container: Container | EphemeralContainer): void {
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent';
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  setEnv(container);
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) setProbe(probe);
  if (container.lifecycle) setLifecycle(container.lifecycle);
  container.resources ??= {};
  roundAmounts(container.resources.limits);
  roundAmounts(container.resources.requests);
}

/** The older name of the field and the newer one always say the same. */
function alignServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (name) spec.serviceAccountName = spec.serviceAccount = name;
}

/** What holds of pods and of pod templates. */
export function setPodSpecDefaults(spec: PodSpec): void {
  spec.containers = listOf(spec.containers);
  spec.restartPolicy ||= 'Always';
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.schedulerName ||= 'default-scheduler';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.securityContext ??= {};
  alignServiceAccount(spec);
  for (const container of containersOf(spec)) setContainer(container);
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume);
  roundAmounts(spec.overhead);
}

/** All containers of a pod: init containers, then containers, then ephemeral ones. */
export const containersOf = (spec: PodSpec): readonly (Container | EphemeralContainer)[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...(spec.ephemeralContainers ?? []),
];

export function setTemplateDefaults(template: PodTemplateSpec | undefined): void {
  if (template?.spec) setPodSpecDefaults(template.spec);
}
