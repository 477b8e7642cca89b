import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  parseTokenFile,
  readAdmissionSettings,
  type AdmissionSettings,
  type ApiServerConfig,
  type AuthorizationMode,
  type IdentityKeys,
  type RequestHeaderConfig,
} from '@kubephant/apiserver';
import type { DialerConfig, TlsOptions } from '@kubephant/http-express';
import type { Options } from './options';

const text = (file: string): Promise<string> => readFile(file, 'utf8');

export async function readTls(options: Options): Promise<TlsOptions & Required<Pick<TlsOptions, 'clientCa'>>> {
  const { tlsCertFile, tlsPrivateKeyFile, clientCaFile, requestheaderClientCaFile: proxies } = options;
  return {
    cert: await text(tlsCertFile),
    key: await text(tlsPrivateKeyFile),
    clientCa: await text(clientCaFile),
    ...(proxies && { requestHeaderCa: await text(proxies) }),
  };
}

/** Keys of service account tokens, and static tokens. */
export async function readIdentity(options: Options): Promise<IdentityKeys> {
  const keys = await Promise.all(options.serviceAccountKeyFile.map(text));
  return {
    signingKey: createPrivateKey(await text(options.serviceAccountSigningKeyFile)),
    verificationKeys: keys.map((pem) => createPublicKey(pem)),
    tokens: options.tokenAuthFile ? parseTokenFile(await text(options.tokenAuthFile)) : [],
  };
}

export async function readDialer(options: Options): Promise<DialerConfig> {
  const { kubeletClientCertificate: cert, kubeletClientKey: key, kubeletCertificateAuthority: ca } = options;
  const { proxyClientCertFile: proxyCert, proxyClientKeyFile: proxyKey } = options;
  return {
    ...(proxyCert && proxyKey && { frontProxy: { cert: await text(proxyCert), key: await text(proxyKey) } }),
    ...(cert && key && { kubeletClient: { cert: await text(cert), key: await text(key) } }),
    ...(ca && { kubeletCa: await text(ca) }),
  };
}

/** The database's URL, from the flag or the file. Throws when there is neither. */
export async function readDatabaseUrl({ databaseUrl, databaseUrlFile }: Options): Promise<string> {
  const url = databaseUrl ?? (databaseUrlFile && (await text(databaseUrlFile)).trim());
  if (!url) throw new Error('one of --database-url and --database-url-file is needed');
  return url;
}

/** What flags and files say of admission. Throws what is wrong with that. */
export async function readAdmission(options: Options): Promise<AdmissionSettings> {
  const { enableAdmissionPlugins: enable, disableAdmissionPlugins: disable } = options;
  const { admissionControlConfigFile: file } = options;
  const beside = (path: string): string => resolve(dirname(file ?? ''), path);
  return readAdmissionSettings({ enable, disable, ...(file && { configuration: await text(file) }) }, (path) =>
    text(beside(path)),
  );
}

/** `tls`: the authorities of client certificates and of proxies. */
export function configOf(
  options: Options,
  tls: Pick<TlsOptions, 'clientCa' | 'requestHeaderCa'> = {},
): ApiServerConfig {
  return {
    ...(tls.clientCa && { clientCa: tls.clientCa }),
    ...(tls.requestHeaderCa && { requestHeader: requestHeader(options, tls.requestHeaderCa) }),
    advertise: { ip: options.advertiseAddress, port: options.securePort },
    services: { clusterIPRange: options.serviceClusterIpRange, nodePorts: portRange(options.serviceNodePortRange) },
    issuer: options.serviceAccountIssuer,
    ...(options.apiAudiences && { audiences: options.apiAudiences }),
    authorizationModes: options.authorizationMode.map(authorizationMode),
    allowAnonymous: options.anonymousAuth,
    kubeletAddressTypes: options.kubeletPreferredAddressTypes,
  };
}

const requestHeader = (options: Options, clientCa: string): RequestHeaderConfig => ({
  clientCa,
  allowedNames: options.requestheaderAllowedNames,
  usernameHeaders: options.requestheaderUsernameHeaders,
  uidHeaders: options.requestheaderUidHeaders,
  groupHeaders: options.requestheaderGroupHeaders,
  extraHeaderPrefixes: options.requestheaderExtraHeadersPrefix,
});

function authorizationMode(name: string): AuthorizationMode {
  if (name === 'Node' || name === 'RBAC' || name === 'AlwaysAllow' || name === 'AlwaysDeny') return name;
  throw new Error(`--authorization-mode: ${JSON.stringify(name)} is not served`);
}

function portRange(range: string): { readonly first: number; readonly last: number } {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(range) ?? [];
  if (!first || !last) throw new Error(`--service-node-port-range: ${JSON.stringify(range)} is not FIRST-LAST`);
  return { first: Number(first), last: Number(last) };
}
