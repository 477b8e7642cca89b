import type { Container, Pod, ServiceAccount } from '@kubephant/schema';

const annotation = 'kubernetes.io/enforce-mountable-secrets';

/** What a pod refers to that its account does not let it; undefined: nothing, or the account does not care. */
export function forbiddenSecret(pod: Pod, account: ServiceAccount): string | undefined {
  if (!/^(1|t|true)$/i.test(account.metadata.annotations?.[annotation] ?? '')) return undefined;
  const by = `is not allowed because service account ${account.metadata.name} does not reference that`;
  const allowed = namesOf(account.secrets);
  const found = references(pod).find(([, name]) => !allowed.has(name));
  if (found) return `${found[0]} secret.secretName="${found[1]}" ${by} secret`;
  const pulling = namesOf(account.imagePullSecrets);
  const pulled = (pod.spec.imagePullSecrets ?? []).map(({ name = '' }) => name);
  const index = pulled.findIndex((name) => !pulling.has(name));
  return index < 0 ? undefined : `imagePullSecrets[${index}].name="${pulled[index] ?? ''}" ${by} imagePullSecret`;
}

const namesOf = (list: readonly { readonly name?: string }[] = []): ReadonlySet<string> =>
  new Set(list.map(({ name = '' }) => name));

/** Where a pod refers to a secret, and to which. */
type Reference = readonly [where: string, name: string];

const references = ({ spec }: Pod): readonly Reference[] => [
  ...(spec.volumes ?? []).flatMap(({ secret }): readonly Reference[] =>
    secret ? [['volume with', secret.secretName ?? '']] : [],
  ),
  ...(spec.initContainers ?? []).flatMap((container) => environment(container, 'init container')),
  ...spec.containers.flatMap((container) => environment(container, 'container')),
];

const environment = ({ name, env = [] }: Container, what: string): readonly Reference[] =>
  env.flatMap((variable) => {
    const secret = variable.valueFrom?.secretKeyRef;
    return secret ? [[`${what} ${name} with envVar ${variable.name} referencing`, secret.name ?? ''] as const] : [];
  });
