import type { UserInfo } from '@kubephant/serving';

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** How extension API servers are told who asks: those that trust our certificate believe it. */
export function identityFields({ name, uid, groups, extra = {} }: UserInfo): Fields {
  return {
    'x-remote-user': name,
    ...(uid && { 'x-remote-uid': uid }),
    ...(groups.length > 0 && { 'x-remote-group': groups }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`x-remote-extra-${escapeKey(key)}`, values] as const),
    ),
  };
}

/** What clients say of who they are is nobody's business but ours. */
export function withoutIdentity(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith('x-remote-')));
}

/** What a field's name may not hold is percent-encoded, the percent sign too. */
const escapeKey = (key: string): string =>
  [...Buffer.from(key)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[a-z0-9!#$&'*+.^_`|~-]/i.test(letter)
        ? letter.toLowerCase()
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** As whom the aggregation itself asks. */
export const aggregator: UserInfo = { name: 'system:kube-aggregator', groups: ['system:masters'] };
