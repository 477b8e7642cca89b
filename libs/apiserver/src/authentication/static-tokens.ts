import { hash } from 'node:crypto';
import type { UserInfo } from '@kubephant/serving';
import type { TokenAuthenticator } from './authenticate';

/** A token and whose it is. */
export interface StaticToken extends UserInfo {
  readonly token: string;
}

/**
 * Lines of `token,user,uid,"group1,group2"` as kube-apiserver's --token-auth-file has them; throws for a line it cannot
 * read, naming its number and never its content.
 */
export function parseTokenFile(text: string): readonly StaticToken[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => parseLine(line, number));
}

function parseLine(line: string, number: number): StaticToken {
  const [token = '', name = '', uid = '', groups = ''] = fields(line);
  if (!token || !name) throw new Error(`token file, line ${number}: a token and a user name are needed`);
  return { token, name, uid, groups: groups.split(',').filter(Boolean) };
}

/** Fields of a CSV line; a quoted one may contain commas and doubled quotes. */
function fields(line: string): string[] {
  const found = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  return found.map((field) => {
    const bare = field.replace(/,$/, '').trim();
    return bare.startsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : bare;
  });
}

/**
 * Tokens known at start, for this server, which has these audiences. They are kept and found by digest, so that looking
 * one up says nothing by its timing.
 */
export function newStaticTokens(tokens: readonly StaticToken[], audiences: readonly string[]): TokenAuthenticator {
  const users = new Map(tokens.map(({ token, ...user }) => [digest(token), user] as const));
  return {
    authenticate: async (token, wanted = audiences) =>
      wanted.some((audience) => audiences.includes(audience)) ? users.get(digest(token)) : undefined,
  };
}

const digest = (token: string): string => hash('sha256', token, 'base64');
