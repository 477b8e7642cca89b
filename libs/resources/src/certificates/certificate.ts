import { X509Certificate } from 'node:crypto';
import { pemBlocks, type PemBlock } from './pem';

function blockReproach({ type, hasHeaders, bytes }: PemBlock): string | undefined {
  if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
  if (hasHeaders) return 'no PEM block headers are permitted';
  if (bytes.length === 0) return 'found CERTIFICATE PEM block containing 0 certificates';
  try {
    new X509Certificate(bytes);
    return undefined;
  } catch {
    return 'x509: malformed certificate';
  }
}

/** What is wrong with the certificates a signer issued, in PEM; undefined: nothing. */
export function certificateReproach(pem: string): string | undefined {
  const blocks = pemBlocks(pem);
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  return blocks.map(blockReproach).find((reproach) => reproach !== undefined);
}
