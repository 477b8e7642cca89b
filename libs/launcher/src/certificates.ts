import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  authorityOf,
  isValidFor,
  kubeconfig,
  newAuthority,
  newKeys,
  privatePem,
  publicPem,
  type Authority,
  type CertificateRequest,
} from '@kubephant/pki';
import { readIfThere, replaceFile, writeSecret } from './files';
import type { Layout } from './layout';

const renewBeforeMs = 30 * 86_400_000;

/** Who gets a client certificate and a kubeconfig: upstream's names, so that upstream's bootstrap roles fit. */
const identities = (layout: Layout): readonly (CertificateRequest & { readonly file: string })[] => [
  { file: 'admin', commonName: 'kubernetes-admin', organizations: ['system:masters'], usages: ['client'] },
  { file: 'scheduler', commonName: 'system:kube-scheduler', usages: ['client'] },
  { file: 'controller-manager', commonName: 'system:kube-controller-manager', usages: ['client'] },
  { file: 'kube-proxy', commonName: 'system:kube-proxy', usages: ['client'] },
  { file: 'dns', commonName: 'system:coredns', usages: ['client'] },
  ...layout.nodes.map(({ name }) => ({
    file: `kubelet-${name}`,
    commonName: `system:node:${name}`,
    organizations: ['system:nodes'],
    usages: ['client' as const],
  })),
];

/** Makes what is missing or about to expire of the cluster's keys, certificates and kubeconfigs; keeps the rest. */
export async function ensureCertificates(layout: Layout): Promise<void> {
  const { pki, config } = layout.directories;
  for (const directory of [pki, config]) await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority = await ensureAuthority(pki, 'ca', 'kubernetes');
  const frontProxy = await ensureAuthority(pki, 'front-proxy-ca', 'front-proxy-ca');
  await ensurePair(frontProxy, join(pki, 'front-proxy-client'), {
    commonName: 'front-proxy-client',
    usages: ['client'],
  });
  await ensureServiceAccountKeys(pki);
  const addresses = { dnsNames: serverNames(layout), ips: serverIps(layout) };
  await ensurePair(authority, join(pki, 'apiserver'), {
    commonName: 'kube-apiserver',
    usages: ['server'],
    ...addresses,
  });
  for (const name of ['scheduler', 'controller-manager']) {
    await ensurePair(authority, join(pki, name), {
      commonName: `kube-${name}`,
      usages: ['server'],
      dnsNames: ['localhost'],
      ips: ['127.0.0.1'],
    });
  }
  await ensurePair(authority, join(pki, 'apiserver-kubelet-client'), {
    commonName: 'kube-apiserver-kubelet-client',
    usages: ['client'],
  });
  for (const { name, address } of layout.nodes) {
    const serving: CertificateRequest = {
      commonName: `system:node:${name}`,
      organizations: ['system:nodes'],
      usages: ['server'],
      dnsNames: [name],
      ips: [address],
    };
    await ensurePair(authority, join(pki, `kubelet-${name}`), serving);
  }
  for (const { file, ...request } of identities(layout)) {
    const pair = await ensurePair(authority, join(pki, `client-${file}`), request);
    const path = file === 'admin' ? layout.adminKubeconfig : join(config, `${file}.kubeconfig`);
    const server = `https://${file === 'admin' ? '127.0.0.1' : layout.gateway}:${layout.ports.apiserver}`;
    await writeSecret(
      path,
      kubeconfig({ server, certificateAuthority: authority.certificate, user: request.commonName, credentials: pair }),
    );
  }
  await ensureAdminToken(layout, authority.certificate);
}

const serverNames = ({ domain }: Layout): readonly string[] => [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  `kubernetes.default.svc.${domain}`,
  'localhost',
];

const serverIps = (layout: Layout): readonly string[] => [
  ...new Set(['127.0.0.1', layout.gateway, layout.advertiseAddress, layout.kubernetesServiceIp]),
];

async function ensureAuthority(directory: string, file: string, commonName: string): Promise<Authority> {
  const existing = await readPair(join(directory, file));
  if (existing) return authorityOf(existing);
  const authority = await newAuthority(commonName);
  await writePair(join(directory, file), authority);
  return authority;
}

async function ensurePair(
  authority: Authority,
  path: string,
  request: CertificateRequest,
): ReturnType<Authority['issue']> {
  const existing = await readPair(path);
  if (existing && isValidFor(existing.certificate, renewBeforeMs)) return existing;
  const pair = await authority.issue(request);
  await writePair(path, pair);
  return pair;
}

async function ensureServiceAccountKeys(directory: string): Promise<void> {
  if (await readIfThere(join(directory, 'sa.key'))) return;
  const keys = await newKeys();
  await writeSecret(join(directory, 'sa.pub'), await publicPem(keys.publicKey));
  await writeSecret(join(directory, 'sa.key'), await privatePem(keys.privateKey));
}

/** A bearer token for clients that cannot do certificates: `DIR/admin-token.kubeconfig`. */
async function ensureAdminToken(layout: Layout, certificateAuthority: string): Promise<void> {
  const path = join(layout.directories.pki, 'tokens.csv');
  if (await readIfThere(path)) return;
  const token = randomBytes(24).toString('base64url');
  await writeSecret(path, `${token},kubernetes-admin,admin,"system:masters"\n`);
  const server = `https://127.0.0.1:${layout.ports.apiserver}`;
  const document = kubeconfig({ server, certificateAuthority, user: 'kubernetes-admin', credentials: { token } });
  await writeSecret(join(layout.options.dataDir, 'admin-token.kubeconfig'), document);
}

async function readPair(path: string): Promise<{ certificate: string; key: string } | undefined> {
  const certificate = await readIfThere(`${path}.crt`);
  const key = await readIfThere(`${path}.key`);
  return certificate && key ? { certificate, key } : undefined;
}

async function writePair(path: string, pair: { readonly certificate: string; readonly key: string }): Promise<void> {
  await writeSecret(`${path}.key`, pair.key);
  await replaceFile(`${path}.crt`, pair.certificate);
}
