import { configMapKey, dns1123Subdomain, envVarName } from '@kubephant/api';
import type { EnvFromSource, EnvVar, EnvVarSource, FileKeySelector } from '@kubephant/schema';
import { invalidValue, none, notFoundValue, required, type Causes } from '../validation/causes';
import { each, follows, optional, present, requiredAnd, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { envFields, validateFieldRef, validateResourceRef } from './field-refs';

const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

interface KeyRef {
  readonly name?: string;
  readonly key: string;
}

const validateKeyRef = ({ name, key }: KeyRef, path: Path): Causes => [
  ...follows(name, path.child('name'), subdomain),
  ...requiredAnd(key, path.child('key'), configMapKey),
];

function validateFileRef(
  { volumeName, key, path: file }: FileKeySelector,
  path: Path,
  volumes: ReadonlySet<string>,
): Causes {
  return [
    ...present(key, path.child('key')),
    ...(volumeName
      ? when(!volumes.has(volumeName), () => notFoundValue(path.child('volumeName'), volumeName))
      : [required(path.child('volumeName'))]),
    ...present(file, path.child('path')),
  ];
}

const oneOfSources =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
const onlyOne = 'may not have more than one field specified at a time';

function validateCount(source: EnvVarSource, value: string | undefined, path: Path): Causes {
  const count = Object.values(source).filter((ref) => ref !== undefined).length;
  if (value) return when(count > 0, () => invalidValue(path, '', 'may not be specified when `value` is not empty'));
  if (count === 0) return [invalidValue(path, '', oneOfSources)];
  return when(count > 1, () => invalidValue(path, '', onlyOne));
}

function validateSource(source: EnvVarSource, { value }: EnvVar, path: Path, volumes: ReadonlySet<string>): Causes {
  return [
    ...optional(source.fieldRef, path.child('fieldRef'), (ref, where) => validateFieldRef(ref, envFields, where)),
    ...optional(source.resourceFieldRef, path.child('resourceFieldRef'), (ref, where) =>
      validateResourceRef(ref, where, true),
    ),
    ...optional(source.configMapKeyRef, path.child('configMapKeyRef'), validateKeyRef),
    ...optional(source.secretKeyRef, path.child('secretKeyRef'), validateKeyRef),
    ...optional(source.fileKeyRef, path.child('fileKeyRef'), (ref, where) => validateFileRef(ref, where, volumes)),
    ...validateCount(source, value, path),
  ];
}

/** Environment variables of a container; `volumes` are the names a file may come from. */
export const validateEnv = (env: readonly EnvVar[] | undefined, path: Path, volumes: ReadonlySet<string>): Causes =>
  each(env, path, (variable, where) => [
    ...requiredAnd(variable.name, where.child('name'), envVarName),
    ...optional(variable.valueFrom, where.child('valueFrom'), (source, at) =>
      validateSource(source, variable, at, volumes),
    ),
  ]);

const validateName = ({ name }: { readonly name?: string }, path: Path): Causes =>
  requiredAnd(name, path.child('name'), subdomain);

/** Whole ConfigMaps and Secrets. How many sources an element has is told of the list, without its index. */
export const validateEnvFrom = (list: readonly EnvFromSource[] | undefined, path: Path): Causes =>
  each(list, path, ({ prefix, configMapRef, secretRef }, where) => {
    const count = Number(configMapRef !== undefined) + Number(secretRef !== undefined);
    return [
      ...(prefix ? follows(prefix, where.child('prefix'), envVarName) : none),
      ...optional(configMapRef, where.child('configMapRef'), validateName),
      ...optional(secretRef, where.child('secretRef'), validateName),
      ...when(count === 0, () => invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`')),
      ...when(count > 1, () => invalidValue(path, '', onlyOne)),
    ];
  });
