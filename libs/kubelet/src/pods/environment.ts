import { is, StatusError } from '@kubephant/api';
import type { ConfigMap, Container, EnvVar, EnvVarSource, EphemeralContainer, Pod, Secret } from '@kubephant/schema';
import { expand } from './expansion';
import { fieldValue, resourceValue, type PodFacts } from './field-values';

/** Single objects that a pod refers to; rejects with NotFound. */
export interface ReferencedObjects {
  configMap(namespace: string, name: string): Promise<ConfigMap>;
  secret(namespace: string, name: string): Promise<Secret>;
}

export interface EnvironmentInput {
  readonly pod: Pod;
  readonly container: Container | EphemeralContainer;
  readonly facts: PodFacts;
  readonly objects: ReferencedObjects;
  readonly serviceEnv: ReadonlyMap<string, string>;
}

/**
 * A container's environment, later definitions over earlier ones: Services, envFrom in order, env in order with
 * `$(NAME)` expanded from what came before. Rejects with BadRequest when something required is missing.
 */
export async function containerEnvironment(input: EnvironmentInput): Promise<ReadonlyMap<string, string>> {
  const { container, serviceEnv } = input;
  const env = new Map<string, string>();
  for (const source of container.envFrom ?? []) {
    const ref = source.configMapRef ?? source.secretRef;
    if (!ref) continue;
    const data = await optionally(ref.optional, () => allOf(input, source.secretRef !== undefined, ref.name ?? ''));
    for (const [key, value] of Object.entries(data ?? {})) env.set(`${source.prefix ?? ''}${key}`, value);
  }
  // Services give way to everything the pod says itself, but are there for $(NAME).
  const known = new Map([...serviceEnv, ...env]);
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, input, known);
    if (value === undefined) continue;
    env.set(variable.name, value);
    known.set(variable.name, value);
  }
  return new Map([...serviceEnv, ...env]);
}

async function valueOf(
  { value, valueFrom }: EnvVar,
  input: EnvironmentInput,
  known: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  if (valueFrom === undefined) return expand(value ?? '', known);
  const { fieldRef, resourceFieldRef } = valueFrom;
  if (fieldRef) return fieldValue(fieldRef.fieldPath, input.pod, input.facts);
  if (resourceFieldRef) return resourceValue(resourceFieldRef, input.container.name, input.pod, input.facts);
  return await keyValue(valueFrom, input);
}

async function keyValue(source: EnvVarSource, input: EnvironmentInput): Promise<string | undefined> {
  const ref = source.configMapKeyRef ?? source.secretKeyRef;
  if (!ref) throw new StatusError('BadRequest', 'this kind of valueFrom is not supported');
  const secret = source.secretKeyRef !== undefined;
  return await optionally(ref.optional, async () => {
    const data = await allOf(input, secret, ref.name ?? '');
    if (Object.hasOwn(data, ref.key)) return data[ref.key];
    const kind = secret ? 'Secret' : 'ConfigMap';
    throw new StatusError(
      'NotFound',
      `couldn't find key ${ref.key} in ${kind} ${input.pod.metadata.namespace ?? ''}/${ref.name ?? ''}`,
    );
  });
}

async function allOf(
  { pod, objects }: EnvironmentInput,
  secret: boolean,
  name: string,
): Promise<Record<string, string>> {
  const namespace = pod.metadata.namespace ?? '';
  if (!secret) return (await objects.configMap(namespace, name)).data ?? {};
  const { data = {} } = await objects.secret(namespace, name);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

async function optionally<T>(optional: boolean | undefined, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (err) {
    if (optional && is('NotFound', err)) return undefined;
    throw err;
  }
}
