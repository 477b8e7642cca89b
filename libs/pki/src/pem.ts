import { webcrypto } from 'node:crypto';

/** A private key and what vouches for it, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** P-256: what upstream's kubeadm offers as the small and fast choice; every Kubernetes client takes it. */
export const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
}

export async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return armour('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key));
}

export async function publicPem(key: webcrypto.CryptoKey): Promise<string> {
  return armour('PUBLIC KEY', await webcrypto.subtle.exportKey('spki', key));
}

export async function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return await webcrypto.subtle.importKey('pkcs8', der, signingAlgorithm, true, ['sign']);
}

function armour(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
