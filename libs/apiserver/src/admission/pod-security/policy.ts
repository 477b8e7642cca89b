import { levels, type Level, type Standard } from './standard';

const prefix = 'pod-security.kubernetes.io/';

/** What a namespace holds its pods to: refused, noted in the audit log, warned of. */
export interface Policy {
  readonly enforce: Standard;
  readonly audit: Standard;
  readonly warn: Standard;
}

/** What holds where a namespace says nothing: anything goes. */
const byDefault: Standard = { level: 'privileged', minor: Infinity };

/**
 * The policy that the labels of a namespace set. A label that cannot be read means the strictest for `enforce`, and
 * nothing for the others: nobody is let in by a mistake, and nobody is told of one in the wrong place.
 */
export function policyOf(labels: Readonly<Record<string, string>> = {}): Policy {
  const standard = (mode: string, unreadable: Level): Standard => ({
    level: levelOf(labels[prefix + mode], unreadable),
    minor: minorOf(labels[`${prefix}${mode}-version`]),
  });
  const enforce = standard('enforce', 'restricted');
  const isEnforced = levels.some((level) => level !== 'privileged' && level === labels[`${prefix}enforce`]);
  // Who cannot be refused yet, because it only makes pods, is warned of what they will be refused for.
  const isSilent = labels[`${prefix}warn`] === undefined;
  const warn = isEnforced && isSilent ? enforce : standard('warn', 'privileged');
  return { enforce, audit: standard('audit', 'privileged'), warn };
}

const levelOf = (text: string | undefined, unreadable: Level): Level => {
  if (text === undefined) return byDefault.level;
  return levels.find((level) => level === text) ?? unreadable;
};

/** A version that cannot be read is the latest. */
const minorOf = (text = 'latest'): number => {
  const [, minor] = /^v1\.(0|[1-9]\d{0,5})$/.exec(text) ?? [];
  return minor === undefined ? Infinity : Number(minor);
};

export const sameStandard = (a: Standard, b: Standard): boolean => a.level === b.level && a.minor === b.minor;
