import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  cryptoProvider,
} from '@peculiar/x509';
import { importPrivateKey, newKeys, privatePem, signingAlgorithm, type KeyPair } from './pem';

const dayMs = 86_400_000;
/** Clocks of two machines may differ: certificates are valid from a little before now. */
const skewMs = 300_000;

export interface CertificateRequest {
  readonly commonName: string;
  /** Kubernetes reads a client's groups from here. */
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ips?: readonly string[];
  readonly usages: readonly ('client' | 'server')[];
  readonly days?: number;
}

/** Issues certificates; `certificate` is what its clients trust. */
export interface Authority extends KeyPair {
  issue(request: CertificateRequest): Promise<KeyPair>;
}

/** A new self-signed authority, valid ten years as upstream's. */
export async function newAuthority(commonName: string, days = 3650): Promise<Authority> {
  cryptoProvider.set(webcrypto);
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: subject(commonName, []),
    ...validity(days),
    signingAlgorithm,
    keys: keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
        true,
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return authorityOf({ certificate: pem(certificate), key: await privatePem(keys.privateKey) });
}

/** An authority from what an earlier `newAuthority` returned. */
export function authorityOf(pair: KeyPair): Authority {
  return { ...pair, issue: (request) => issue(pair, request) };
}

async function issue(authority: KeyPair, request: CertificateRequest): Promise<KeyPair> {
  cryptoProvider.set(webcrypto);
  const issuer = new X509Certificate(authority.certificate);
  const keys = await newKeys();
  const usages = request.usages.map((usage) =>
    usage === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth,
  );
  const names = [
    ...(request.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(request.ips ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: subject(request.commonName, request.organizations ?? []),
    issuer: issuer.subjectName,
    ...validity(request.days ?? 365),
    signingAlgorithm,
    publicKey: keys.publicKey,
    signingKey: await importPrivateKey(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension(usages),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return { certificate: pem(certificate), key: await privatePem(keys.privateKey) };
}

/** Whether the certificate outlives `ms` from now. */
export function isValidFor(certificate: string, ms: number, now = Date.now()): boolean {
  return new X509Certificate(certificate).notAfter.getTime() > now + ms;
}

function subject(commonName: string, organizations: readonly string[]): Name {
  return new Name([...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }]);
}

const pem = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`;

/** Positive and unguessable, as RFC 5280 §4.1.2.2 and the CA/Browser rules ask. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - skewMs), notAfter: new Date(now + days * dayMs) };
}
