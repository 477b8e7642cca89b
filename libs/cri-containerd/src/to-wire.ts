import type { ContainerConfig, ContainerFilter, PodSandboxConfig, SandboxFilter } from '@kubephant/node';

const wrapped = (value: number | undefined): object | undefined => (value === undefined ? undefined : { value });

/** Our configuration has the wire's names; only optional integers are wrapped there, so that 0 differs from absent. */
export function sandboxConfig(config: PodSandboxConfig): object {
  const { securityContext, ...linux } = config.linux;
  const { runAsUser, runAsGroup } = securityContext;
  const users = { runAsUser: wrapped(runAsUser), runAsGroup: wrapped(runAsGroup) };
  return { ...config, linux: { ...linux, securityContext: { ...securityContext, ...users } } };
}

export function containerConfig(config: ContainerConfig): object {
  const { securityContext, resources } = config.linux;
  const { runAsUser, runAsGroup } = securityContext;
  const users = { runAsUser: wrapped(runAsUser), runAsGroup: wrapped(runAsGroup) };
  const envs = config.envs.map(({ key, value }) => ({ key, value: Buffer.from(value) }));
  return { ...config, envs, linux: { resources, securityContext: { ...securityContext, ...users } } };
}

export function sandboxFilter({ id, state, labels }: SandboxFilter): object {
  return { id, labelSelector: labels, ...(state && { state: { state } }) };
}

export function containerFilter({ id, state, sandboxId, labels }: ContainerFilter): object {
  return { id, podSandboxId: sandboxId, labelSelector: labels, ...(state && { state: { state } }) };
}
