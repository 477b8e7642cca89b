import { syntaxProblem, type Secret } from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { at } from '../validation/path';

const accountAnnotation = 'kubernetes.io/service-account.name';

const decoded = (secret: Secret, key: string): string | undefined => {
  const value = secret.data?.[key];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
};

const lacks = (secret: Secret, key: string): boolean => secret.data?.[key] === undefined;

const needsKeys = (secret: Secret, keys: readonly string[]): Causes =>
  keys.filter((key) => lacks(secret, key)).map((key) => required(at('data').key(key)));

/** Never quotes what it read: the contents are secret. */
function needsJson(secret: Secret, key: string): Causes {
  const value = decoded(secret, key);
  if (value === undefined) return [required(at('data').key(key))];
  const problem = syntaxProblem(value) ?? typeProblem(JSON.parse(value));
  return problem === undefined ? none : [invalidValue(at('data').key(key), '<secret contents redacted>', problem)];
}

/** What Go says of JSON that is no object where it wants one; null is none at all. */
function typeProblem(value: unknown): string | undefined {
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

/** What each well-known type must contain (upstream: core/v1 SecretType). Other types may contain anything. */
const rules: Readonly<Record<string, (secret: Secret) => Causes>> = {
  'kubernetes.io/service-account-token': ({ metadata }) =>
    when(!metadata.annotations?.[accountAnnotation], () =>
      required(at('metadata', 'annotations').key(accountAnnotation)),
    ),
  'kubernetes.io/dockercfg': (secret) => needsJson(secret, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (secret) => needsJson(secret, '.dockerconfigjson'),
  'kubernetes.io/basic-auth': (secret) =>
    lacks(secret, 'username') && lacks(secret, 'password') ? needsKeys(secret, ['username', 'password']) : none,
  'kubernetes.io/ssh-auth': (secret) =>
    when(!secret.data?.['ssh-privatekey'], () => required(at('data').key('ssh-privatekey'))),
  'kubernetes.io/tls': (secret) => needsKeys(secret, ['tls.crt', 'tls.key']),
};

export const validateType = (secret: Secret): Causes =>
  Object.hasOwn(rules, secret.type ?? '') ? (rules[secret.type ?? '']?.(secret) ?? none) : none;

/** A certificate that is not even PEM is accepted, with a warning. */
export function typeWarnings(secret: Secret): readonly string[] {
  if (secret.type !== 'kubernetes.io/tls') return [];
  const missing = (['certificate', 'key'] as const).find(
    (part) => !decoded(secret, part === 'key' ? 'tls.key' : 'tls.crt')?.includes('-----BEGIN '),
  );
  return missing ? [`tls: failed to find any PEM data in ${missing} input`] : [];
}
