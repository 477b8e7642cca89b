import { X509Certificate } from 'node:crypto';
import { unauthorized } from '@kubephant/api';
import type { Authenticator, ClientCertificate, Incoming, RequestHeaders } from '@kubephant/serving';

/** Proxies that say in header fields who asks (`--requestheader-…`). */
export interface RequestHeaderConfig {
  /** PEM of the authorities of their certificates. */
  readonly clientCa: string;
  /** Common names; empty: any. */
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

/** SHA-256 fingerprints of the certificates of a PEM file. */
export function fingerprintsOf(pem: string): ReadonlySet<string> {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return new Set(certificates.map((one) => new X509Certificate(one).fingerprint256));
}

/** Whether a certificate comes from one of the authorities. */
export const comesFrom = ({ authorities = [] }: ClientCertificate, known: ReadonlySet<string>): boolean =>
  authorities.some((fingerprint) => known.has(fingerprint));

/** Whoever a proxy with a certificate of the right authority names. */
export function requestHeaders(config: RequestHeaderConfig): Authenticator {
  const trusted = fingerprintsOf(config.clientCa);
  return {
    async authenticate({ clientCertificate, headers }) {
      const name = firstOf(headers, config.usernameHeaders);
      if (!name || !clientCertificate || !comesFrom(clientCertificate, trusted)) return undefined;
      const { allowedNames } = config;
      if (allowedNames.length > 0 && !allowedNames.includes(clientCertificate.commonName)) throw unauthorized();
      const uid = firstOf(headers, config.uidHeaders);
      const extra = extraOf(headers, config.extraHeaderPrefixes);
      return {
        name,
        groups: config.groupHeaders.flatMap((header) => valuesOf(headers.get(header))),
        ...(uid && { uid }),
        ...(Object.keys(extra).length > 0 && { extra }),
      };
    },
  };
}

const firstOf = (headers: RequestHeaders, names: readonly string[]): string | undefined =>
  names.map((name) => headers.get(name)?.trim()).find(Boolean);

/** Several fields of one name arrive joined. */
const valuesOf = (joined: string | null): readonly string[] =>
  (joined ?? '')
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean);

function extraOf(
  headers: Incoming['headers'],
  prefixes: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const lower = prefixes.map((prefix) => prefix.toLowerCase());
  const extra = Object.create(null) as Record<string, readonly string[]>;
  for (const [field, value] of headers) {
    const prefix = lower.find((one) => field.startsWith(one));
    if (prefix === undefined) continue;
    const key = unescaped(field.slice(prefix.length));
    extra[key] = [...(extra[key] ?? []), ...valuesOf(value)];
  }
  return extra;
}

/** A key that is no escape is taken as it is. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
