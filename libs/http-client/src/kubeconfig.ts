import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { fileToken } from './file-token';
import type { ServerConfig, TlsConfig } from './server-config';

type Entry = Readonly<Record<string, unknown>>;

/** Longest kubeconfig and longest file it refers to. */
const maxBytes = 1024 * 1024;

/** Credentials that need another program, or that the API dropped long ago. */
const unsupported = ['exec', 'auth-provider', 'username', 'password'];

/**
 * The server and identity of a context (default: the current one) in the kubeconfig at `path`. Relative paths in it are
 * relative to its folder. Throws an Error that names the entry that is missing or cannot be used.
 */
export async function readKubeconfig(path: string, context?: string): Promise<ServerConfig> {
  return await parseKubeconfig(await readText(path), { folder: dirname(resolve(path)), ...(context && { context }) });
}

export async function parseKubeconfig(
  text: string,
  { folder, context }: { readonly folder: string; readonly context?: string },
): Promise<ServerConfig> {
  const config = asEntry(parse(text, { maxAliasCount: 100 }), 'kubeconfig');
  const contextName = context ?? stringOf(config, 'current-context');
  if (!contextName) throw new Error('the kubeconfig has no current-context');
  const chosen = named(config, 'contexts', 'context', contextName);
  const cluster = named(config, 'clusters', 'cluster', stringOf(chosen, 'cluster') ?? '');
  const userName = stringOf(chosen, 'user');
  const user = userName ? named(config, 'users', 'user', userName) : {};
  const foreign = unsupported.find((field) => user[field] !== undefined);
  if (foreign)
    throw new Error(`the kubeconfig's user ${JSON.stringify(userName)} uses ${foreign}, which is not supported`);
  const server = stringOf(cluster, 'server');
  if (!server) throw new Error("the kubeconfig's cluster has no server");
  const token = tokenOf(user, folder);
  return { server, tls: await tlsOf(cluster, user, folder), ...(token && { token }) };
}

async function tlsOf(cluster: Entry, user: Entry, folder: string): Promise<TlsConfig> {
  const certificateAuthority = await material(cluster, 'certificate-authority', folder);
  const certificate = await material(user, 'client-certificate', folder);
  const key = await material(user, 'client-key', folder);
  const serverName = stringOf(cluster, 'tls-server-name');
  return {
    ...(certificateAuthority && { certificateAuthority }),
    ...(certificate && { certificate }),
    ...(key && { key }),
    ...(serverName && { serverName }),
    ...(cluster['insecure-skip-tls-verify'] === true && { insecureSkipVerify: true }),
  };
}

/** Inline data wins over a file, as in kubectl. */
async function material(entry: Entry, field: string, folder: string): Promise<string | undefined> {
  const data = stringOf(entry, `${field}-data`);
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  const file = stringOf(entry, field);
  return file ? await readText(resolve(folder, file)) : undefined;
}

function tokenOf(user: Entry, folder: string): (() => Promise<string>) | undefined {
  const file = stringOf(user, 'tokenFile');
  if (file) return fileToken(resolve(folder, file));
  const token = stringOf(user, 'token');
  return token ? () => Promise.resolve(token) : undefined;
}

async function readText(path: string): Promise<string> {
  const content = await readFile(path);
  if (content.length > maxBytes) throw new Error(`${path} is longer than ${maxBytes} bytes`);
  return content.toString('utf8');
}

function named(config: Entry, list: string, field: string, name: string): Entry {
  const entries: unknown = config[list];
  const found: unknown = Array.isArray(entries)
    ? entries.find((entry) => asEntry(entry, list)['name'] === name)
    : undefined;
  if (!found) throw new Error(`the kubeconfig has no ${field} ${JSON.stringify(name)}`);
  return asEntry(asEntry(found, list)[field], `${field} ${JSON.stringify(name)}`);
}

function asEntry(value: unknown, what: string): Entry {
  if (typeof value !== 'object' || value === null) throw new Error(`the kubeconfig is not valid: ${what} is not a map`);
  return value as Entry;
}

function stringOf(entry: Entry, field: string): string | undefined {
  const value = entry[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
