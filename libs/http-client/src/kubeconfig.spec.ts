import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileToken } from './file-token';
import { parseKubeconfig, readKubeconfig } from './kubeconfig';
import { withoutIdentity } from './server-config';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const document = (user: object, cluster: object = {}): string =>
  JSON.stringify({
    'current-context': 'me@here',
    contexts: [{ name: 'me@here', context: { cluster: 'here', user: 'me' } }],
    clusters: [{ name: 'here', cluster: { server: 'https://h:6443', ...cluster } }],
    users: [{ name: 'me', user }],
  });

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('a kubeconfig', () => {
  it('gives the server and a client certificate, inline before files', async () => {
    await writeFile(join(folder, 'ca.pem'), 'CA');
    const user = {
      'client-certificate-data': base64('CERT'),
      'client-certificate': 'none',
      'client-key-data': base64('KEY'),
    };
    await writeFile(
      join(folder, 'config'),
      document(user, { 'certificate-authority': 'ca.pem', 'tls-server-name': 'n' }),
    );
    expect(await readKubeconfig(join(folder, 'config'))).toEqual({
      server: 'https://h:6443',
      tls: { certificateAuthority: 'CA', certificate: 'CERT', key: 'KEY', serverName: 'n' },
    });
  });

  it('reads YAML with a token', async () => {
    const text = `
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {server: "https://h", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: secret}}]
`;
    const { token, ...rest } = await parseKubeconfig(text, { folder });
    expect(rest).toEqual({ server: 'https://h', tls: { insecureSkipVerify: true } });
    expect(await token?.()).toBe('secret');
  });

  it('prefers the token file', async () => {
    await writeFile(join(folder, 't'), 'from-file\n');
    const { token } = await parseKubeconfig(document({ token: 'inline', tokenFile: 't' }), { folder });
    expect(await token?.()).toBe('from-file');
  });

  it.each([
    ['an unknown context', document({}), 'other', 'no context "other"'],
    ['an exec plugin', document({ exec: {} }), undefined, 'uses exec, which is not supported'],
    ['a password', document({ username: 'a', password: 'b' }), undefined, 'uses username'],
    ['no current context', '{}', undefined, 'no current-context'],
    ['a list instead of a map', document({}).replace('"https://h:6443"', '[]'), undefined, 'no server'],
    ['plain text', 'hello', undefined, 'not valid'],
  ])('with %s says so', async (_, text, context, message) => {
    await expect(parseKubeconfig(text, { folder, ...(context && { context }) })).rejects.toThrow(message);
  });
});

it('a token file is read again after a minute, and its last content is kept while it is gone', async () => {
  const path = join(folder, 'token');
  let now = 0;
  const token = fileToken(path, () => now);
  await expect(token()).rejects.toThrow('ENOENT');
  await writeFile(path, 'one');
  expect(await token()).toBe('one');
  await writeFile(path, 'two');
  expect(await token()).toBe('one');
  now = 60_000;
  expect(await token()).toBe('two');
  await rm(path);
  now = 120_000;
  expect(await token()).toBe('two');
});

it('a configuration without its identity keeps its trust', () => {
  const tls = { certificateAuthority: 'CA', certificate: 'C', key: 'K', serverName: 'n' };
  expect(withoutIdentity({ server: 's', tls, token: () => Promise.resolve('t') })).toEqual({
    server: 's',
    tls: { certificateAuthority: 'CA', serverName: 'n' },
  });
});
