import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsConfig } from '@kubephant/http-client';
import { newAuthority, newKeys, privatePem, publicPem } from '@kubephant/pki';

/** What every API server of a stage shares: where its keys are, and how an administrator reaches it. */
export interface Credentials {
  readonly directory: string;
  readonly admin: TlsConfig;
}

/** One authority, one certificate for all API servers of this machine, one administrator. */
export async function makeCredentials(directory: string): Promise<Credentials> {
  await mkdir(directory, { mode: 0o700 });
  const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text, { mode: 0o600 });
  const authority = await newAuthority('kubernetes');
  const server = await authority.issue({
    commonName: 'kube-apiserver',
    usages: ['server'],
    dnsNames: ['localhost'],
    ips: ['127.0.0.1'],
  });
  const admin = await authority.issue({
    commonName: 'kubernetes-admin',
    organizations: ['system:masters'],
    usages: ['client'],
  });
  const serviceAccount = await newKeys();
  await write('ca.crt', authority.certificate);
  await write('apiserver.crt', server.certificate);
  await write('apiserver.key', server.key);
  await write('sa.pub', await publicPem(serviceAccount.publicKey));
  await write('sa.key', await privatePem(serviceAccount.privateKey));
  await write('tokens.csv', `${randomBytes(24).toString('base64url')},exam,exam,"system:masters"\n`);
  return {
    directory,
    admin: { certificateAuthority: authority.certificate, certificate: admin.certificate, key: admin.key },
  };
}
