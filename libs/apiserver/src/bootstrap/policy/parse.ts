import type { PolicyRule } from '@kubephant/schema';

export interface NamedRules {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
}

/**
 * Roles as text: a line with a name, then a line per rule, indented. A rule is `VERBS GROUPS: RESOURCES`, with
 * ` = NAMES` where only some objects are meant, or `VERBS: PATHS`. Verbs and groups are separated by commas, the rest by
 * spaces; the group without a name is `core`. Throws for a line that is neither.
 */
export function parseRoles(text: string): readonly NamedRules[] {
  const roles: { readonly name: string; readonly rules: PolicyRule[] }[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    if (line.startsWith(' ')) roles.at(-1)?.rules.push(parseRule(line.trim()));
    else roles.push({ name: line, rules: [] });
  }
  return roles;
}

function parseRule(line: string): PolicyRule {
  const [, verbs = '', groups, targets = '', names] = /^(\S+?)(?: (\S+))?: (.+?)(?: = (.+))?$/.exec(line) ?? [];
  if (!verbs) throw new Error(`not a rule: ${line}`);
  if (groups === undefined) return { verbs: verbs.split(','), nonResourceURLs: targets.split(' ') };
  return {
    verbs: verbs.split(','),
    apiGroups: groups.split(',').map((group) => (group === 'core' ? '' : group)),
    resources: targets.split(' '),
    ...(names && { resourceNames: names.split(' ') }),
  };
}
