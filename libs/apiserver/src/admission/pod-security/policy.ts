import type { PodSecurityConfiguration } from './configuration';
import { isStricter, levelNamed, minorIn, sameStandard, standardText, type Level, type Standard } from './standard';

const prefix = 'pod-security.kubernetes.io/';

/** What a namespace holds its pods to: refused, noted in the audit log, warned of. */
export interface Policy {
  readonly enforce: Standard;
  readonly audit: Standard;
  readonly warn: Standard;
}

type Mode = keyof Policy;

/** What the labels of a namespace say. */
export interface NamespacePolicy extends Policy {
  /** Whether there is a label that cannot be read: there may be from before such were refused. */
  readonly isDoubtful: boolean;
}

type Labels = Readonly<Record<string, string>>;

/** What holds where a namespace says nothing. */
export function defaultPolicy({ defaults }: PodSecurityConfiguration): Policy {
  const standard = (mode: Mode): Standard => ({
    level: levelNamed(defaults[mode]) ?? 'restricted',
    minor: minorIn(defaults[`${mode}-version`]) ?? Infinity,
  });
  return { enforce: standard('enforce'), audit: standard('audit'), warn: standard('warn') };
}

/**
 * The policy that the labels of a namespace set. A label that cannot be read means the strictest for `enforce`, and
 * nothing for the others: nobody is let in by a mistake, and nobody is told of one in the wrong place.
 */
export function policyOf(labels: Labels = {}, defaults: Policy): NamespacePolicy {
  let isDoubtful = false;
  const read = <T>(name: string, { parse, ...values }: Reading<T>): T => {
    const value = labels[prefix + name];
    if (value === undefined) return values.absent;
    const parsed = parse(value);
    isDoubtful ||= parsed === undefined;
    return parsed ?? values.unreadable;
  };
  const standard = (mode: Mode, unreadable: Level): Standard => ({
    level: read(mode, { parse: levelNamed, absent: defaults[mode].level, unreadable }),
    minor: read(`${mode}-version`, { parse: minorIn, absent: defaults[mode].minor, ...unreadableVersion }),
  });
  const enforce = standard('enforce', 'restricted');
  const audit = standard('audit', 'privileged');
  return { enforce, audit, warn: warnOf(labels, enforce, standard('warn', 'privileged')), isDoubtful };
}

/** A version that cannot be read is the latest. */
const unreadableVersion = { unreadable: Infinity };

interface Reading<T> {
  readonly parse: (text: string) => T | undefined;
  readonly absent: T;
  readonly unreadable: T;
}

/** Who cannot be refused yet, because it only makes pods, is warned of what they will be refused for. */
function warnOf(labels: Labels, enforce: Standard, warn: Standard): Standard {
  const isSilent = labels[`${prefix}warn`] === undefined;
  const isEnforced = levelNamed(labels[`${prefix}enforce`] ?? '') !== undefined;
  if (!isSilent || !isEnforced || !isStricter(enforce.level, warn.level)) return warn;
  return { level: enforce.level, minor: labels[`${prefix}warn-version`] === undefined ? enforce.minor : warn.minor };
}

export const isPrivileged = ({ enforce, audit, warn }: Policy): boolean =>
  [enforce, audit, warn].every(({ level }) => level === 'privileged');

/** What a namespace that is exempt sets to no effect, as text. */
export function ignoredText(labels: Labels, policy: Policy): string {
  const set = (mode: Mode): boolean => [mode, `${mode}-version`].some((name) => labels[prefix + name] !== undefined);
  return (['enforce', 'audit', 'warn'] as const)
    .filter((mode) => policy[mode].level !== 'privileged' && set(mode))
    .map((mode) => `${mode}=${standardText(policy[mode])}`)
    .join(', ');
}

export const samePolicy = (a: Policy, b: Policy): boolean =>
  (['enforce', 'audit', 'warn'] as const).every((mode) => {
    const [one, other] = [a[mode], b[mode]];
    return sameStandard(one, other) || (one.level === 'privileged' && other.level === 'privileged');
  });
