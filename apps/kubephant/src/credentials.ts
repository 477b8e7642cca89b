import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A password from a file, or a new one that is written there for its owner alone. */
export async function passwordIn(directory: string, role: string): Promise<string> {
  const path = join(directory, `${role}-password`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    const password = (await readFile(path, 'utf8')).trim();
    if (password === '') throw new Error(`${path} is empty: write a password into it, or remove it to get a new one`);
    return password;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600, flag: 'wx' });
  return password;
}

export interface Login {
  readonly role: string;
  readonly password: string;
  readonly database?: string | undefined;
}

/** The URL of somebody else on the same server. */
export function urlFor(connectionString: string, { role, password, database }: Login): string {
  const url = new URL(connectionString);
  url.username = role;
  url.password = password;
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  return url.toString();
}
