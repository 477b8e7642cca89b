import type { AppArmorProfile, SeccompProfile } from '@kubephant/schema';
import { invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import { requiredOneOf, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { profileTypes } from './allowed';
import { descending } from './paths';

interface Wording {
  readonly field: string;
  readonly name: string;
}

const validateType = (type: string, path: Path, { field }: Wording): Causes =>
  requiredOneOf(type, path.child('type'), profileTypes, `type is required when ${field} is set`);

const missing = (path: Path, { name }: Wording): Causes => [
  required(path, `must be set when ${name} type is Localhost`),
];

const onlyLocal = ({ name }: Wording): string => `can only be set when ${name} type is Localhost`;

export function validateSeccomp(profile: SeccompProfile, path: Path): Causes {
  const { type, localhostProfile: file } = profile;
  const words = { field: 'seccompProfile', name: 'seccomp' };
  const where = path.child('localhostProfile');
  if (type === 'Localhost') return file === undefined ? missing(where, words) : descending(file, where);
  return [
    ...when(file !== undefined, () => invalidValue(where, { Type: type, LocalhostProfile: file }, onlyLocal(words))),
    ...validateType(type, path, words),
  ];
}

const maxProfileBytes = 4095;

function validateProfileName(name: string, path: Path): Causes {
  if (name.trim() === '') return [required(path, 'must be set when AppArmor type is Localhost')];
  return [
    ...when(name.trim() !== name, () => invalidValue(path, name, 'must not be padded with whitespace')),
    ...when(Buffer.byteLength(name) > maxProfileBytes, () => tooLongValue(path, maxProfileBytes)),
  ];
}

export function validateAppArmor(profile: AppArmorProfile, path: Path): Causes {
  const { type, localhostProfile: name } = profile;
  const words = { field: 'appArmorProfile', name: 'AppArmor' };
  const where = path.child('localhostProfile');
  if (type === 'Localhost') return name === undefined ? missing(where, words) : validateProfileName(name, where);
  return [
    ...validateType(type, path, words),
    ...(name === undefined || !profileTypes.includes(type) ? none : [invalidValue(where, name, onlyLocal(words))]),
  ];
}
