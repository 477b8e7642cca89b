import { compare, parse, type SemVer } from 'semver';
import { parsing } from '../cost/rules';
import { Failure, type OpaqueValue, type Value } from '../values/value';
import { type Library, type Overload, overload } from './declare';

const type = 'kubernetes.Semver';

export class SemverValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName = type;
  readonly version: SemVer;

  constructor(version: SemVer) {
    this.version = version;
  }

  equals(other: Value): boolean {
    return other instanceof SemverValue && compare(other.version, this.version) === 0;
  }
}

/** Removes `v` and leading zeros, and adds the parts that are missing. Undefined for `1.2-beta`, which lacks one before it. */
function normalized(text: string): string | undefined {
  const [major = '', minor, ...patch] = text.replace(/^v/, '').split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(patch.length > 0 ? [patch.join('.')] : [])];
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) return undefined;
  const clean = parts.map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, '') : part));
  return [...clean, '0', '0'].slice(0, Math.max(3, clean.length)).join('.');
}

/** A version, strictly or after what it lacks was added. */
export function readSemver(text: string, normalize = false): SemverValue | Failure {
  const candidate = normalize ? normalized(text) : text;
  if (candidate === undefined) return new Failure('short version cannot contain PreRelease/Build meta data');
  if (!/^\d/.test(candidate) || candidate.trim() !== candidate) {
    return new Failure(`Invalid character(s) found in major number "${candidate.split('.')[0] ?? ''}"`);
  }
  if (candidate.split('.').length < 3) return new Failure('No Major.Minor.Patch elements found');
  const version = candidate.length > 256 ? null : parse(candidate);
  return version ? new SemverValue(version) : new Failure(`Invalid semantic version "${candidate}"`);
}

const isSemver = (text: string, normalize?: boolean): Value => readSemver(text, normalize) instanceof SemverValue;

const part = (key: 'major' | 'minor' | 'patch'): Overload =>
  overload(`${type}.() -> int`, ({ version }: SemverValue) => BigInt(version[key]));

const compared = (result: 'bool' | 'int', verdict: (order: number) => Value): Overload =>
  overload(`${type}.(${type}) -> ${result}`, (left: SemverValue, right: SemverValue) =>
    verdict(compare(left.version, right.version)),
  );

export const semvers: Library = {
  semver: [
    overload(`(string) -> ${type}`, readSemver, parsing),
    overload(`(string, bool) -> ${type}`, readSemver, parsing),
  ],
  isSemver: [overload('(string) -> bool', isSemver, parsing), overload('(string, bool) -> bool', isSemver, parsing)],
  isGreaterThan: [compared('bool', (order) => order > 0)],
  isLessThan: [compared('bool', (order) => order < 0)],
  compareTo: [compared('int', (order) => BigInt(order))],
  major: [part('major')],
  minor: [part('minor')],
  patch: [part('patch')],
};
