import { cIdentifier, dns1123Label, dns1123Subdomain } from '@kubephant/api';
import { validateDriverName } from '../storage/driver-name';
import { invalidValue, none, required, tooLongValue, type Causes } from '../validation/causes';
import { follows, when } from '../validation/checks';
import type { Path } from '../validation/path';

const maxPoolBytes = 253;
const maxIdentifierBytes = 32;
/** A domain, a slash and an identifier. */
const maxQualifiedBytes = 63 + 1 + maxIdentifierBytes;

export const validateLabel = (name: string | undefined, path: Path): Causes => follows(name, path, dns1123Label);

export function validatePoolName(name: string | undefined, path: Path): Causes {
  if (!name) return [required(path)];
  return [
    ...when(Buffer.byteLength(name) > maxPoolBytes, () => tooLongValue(path, maxPoolBytes)),
    ...name.split('/').flatMap((part) => follows(part, path, (text) => dns1123Subdomain(text))),
  ];
}

const validateIdentifier = (id: string, path: Path): Causes => [
  ...when(Buffer.byteLength(id) > maxIdentifierBytes, () => tooLongValue(path, maxIdentifierBytes)),
  ...follows(id, path, cIdentifier),
];

/**
 * `model`, or `dra.example.com/model`: names of attributes and capacities. Of a name with more than one slash upstream
 * looks at nothing.
 */
export function validateQualifiedName(name: string, path: Path): Causes {
  const [first = '', id, ...others] = name.split('/');
  if (others.length > 0) return none;
  if (id === undefined) return validateIdentifier(first, path);
  return [
    ...(first ? validateDriverName(first, path) : [invalidValue(path, '', 'the domain must not be empty')]),
    ...(id ? validateIdentifier(id, path) : [invalidValue(path, '', 'the name must not be empty')]),
  ];
}

/** The same, and the domain must be there. */
export const validateFullyQualifiedName = (name: string, path: Path): Causes => [
  ...validateQualifiedName(name, path),
  ...(name.includes('/')
    ? none
    : [invalidValue(path, name, 'a fully qualified name must be a domain and a name separated by a slash')]),
];

/** A key as paths show it: long ones lose their middle. */
function shownKey(key: string, max: number): string {
  if (key.length <= max) return key;
  const kept = max - '...'.length;
  return `${key.slice(0, Math.ceil(kept / 2))}...${key.slice(key.length - Math.floor(kept / 2))}`;
}

/** Keys of a map, told of the map, and its values, told of the key. Sorted, where upstream's order is none. */
export function validateNamed<V>(
  map: Readonly<Record<string, V>> | undefined,
  path: Path,
  check: (value: V, path: Path) => Causes,
): Causes {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) => [
      ...validateQualifiedName(key, path),
      ...check(value, path.key(shownKey(key, maxQualifiedBytes))),
    ]);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const notUuid =
  'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';

export const validateUID = (uid: string, path: Path): Causes =>
  when(!uuid.test(uid), () => invalidValue(path, uid, notUuid));
