import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { bitStringTag, derValues, objectIdTag, sequenceTag, type DerValue } from './der';
import { pemBlocks } from './pem';

/** Hash functions by the object identifier of the signature algorithm; null: the algorithm has its own. */
const hashes: Readonly<Record<string, string | null>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
};

const reproaches: Readonly<Record<string, string>> = {
  rsa: 'crypto/rsa: verification error',
  ec: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
};

const malformed = 'x509: malformed certificate request';

function structure(value: DerValue | undefined, ...tags: readonly number[]): readonly DerValue[] {
  const parts = value?.tag === sequenceTag ? derValues(value.content) : [];
  if (tags.some((tag, index) => parts[index]?.tag !== tag)) throw new Error(malformed);
  return parts;
}

interface Signed {
  readonly info: Buffer;
  readonly key: KeyObject;
  readonly algorithm: string;
  readonly signature: Buffer;
}

/** A PKCS #10 request (RFC 2986): what is signed, with which key, how, and the signature. */
function readRequest(der: Buffer): Signed {
  const [whole] = derValues(der);
  const [info, algorithm, signature] = structure(whole, sequenceTag, sequenceTag, bitStringTag);
  const [oid] = structure(algorithm, objectIdTag);
  const [, , publicKey] = structure(info, 0x02, sequenceTag, sequenceTag);
  return {
    info: info?.whole ?? Buffer.alloc(0),
    key: createPublicKey({ key: publicKey?.whole ?? Buffer.alloc(0), format: 'der', type: 'spki' }),
    algorithm: oid?.content.toString('hex') ?? '',
    signature: signature?.content.subarray(1) ?? Buffer.alloc(0),
  };
}

function reproachOf({ info, key, algorithm, signature }: Signed): string | undefined {
  const hash = Object.hasOwn(hashes, algorithm) ? hashes[algorithm] : undefined;
  if (hash === undefined) return 'x509: cannot verify signature: algorithm unimplemented';
  if (verify(hash, info, key, signature)) return undefined;
  return reproaches[key.asymmetricKeyType ?? ''] ?? 'x509: cannot verify signature: algorithm unimplemented';
}

/**
 * What is wrong with a certificate request in PEM; undefined: nothing. It is one block, well formed, and signed by
 * whoever holds the key it is about.
 */
export function requestReproach(pem: string): string | undefined {
  const [block] = pemBlocks(pem);
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    return reproachOf(readRequest(block.bytes));
  } catch (err) {
    return err instanceof Error && /^(asn1|x509):/.test(err.message) ? err.message : malformed;
  }
}
