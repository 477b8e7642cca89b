import { certificate, ecdsaRequest, ed25519Request, rsaRequest } from '../testdata/pem';
import { certificateReproach } from './certificate';
import { derValues } from './der';
import { pemBlocks } from './pem';
import { requestReproach } from './request';

const armour = (type: string, bytes: Buffer): string =>
  `-----BEGIN ${type}-----\n${bytes.toString('base64')}\n-----END ${type}-----\n`;

/** The request with one byte changed, counted from its end when negative. */
function tampered(pem: string, position: number): string {
  const bytes = Buffer.from(pemBlocks(pem)[0]!.bytes);
  const index = position < 0 ? bytes.length + position : position;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return armour('CERTIFICATE REQUEST', bytes);
}

describe('a certificate request', () => {
  it.each([
    ['of Ed25519', ed25519Request],
    ['of ECDSA', ecdsaRequest],
    ['of RSA', rsaRequest],
    ['behind other text', `hello\n${ed25519Request}`],
    ['with line ends of Windows', ed25519Request.replaceAll('\n', '\r\n')],
  ])('%s is accepted', (_, pem) => {
    expect(requestReproach(pem)).toBeUndefined();
  });

  it.each([
    ['that is no PEM', 'garbage', 'PEM block type must be CERTIFICATE REQUEST'],
    ['that is a certificate', certificate, 'PEM block type must be CERTIFICATE REQUEST'],
    ['that never ends', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA', 'PEM block type must be CERTIFICATE REQUEST'],
    ['that is no ASN.1', armour('CERTIFICATE REQUEST', Buffer.from('hello')), 'asn1: syntax error: data truncated'],
    [
      'that is something else',
      armour('CERTIFICATE REQUEST', Buffer.from([0x30, 0])),
      'x509: malformed certificate request',
    ],
    ['that nobody signed (RSA)', tampered(rsaRequest, -1), 'crypto/rsa: verification error'],
    ['that nobody signed (ECDSA)', tampered(ecdsaRequest, -1), 'x509: ECDSA verification failure'],
    ['that was changed since', tampered(ed25519Request, 20), 'x509: Ed25519 verification failure'],
  ])('%s is not', (_, pem, reproach) => {
    expect(requestReproach(pem)).toBe(reproach);
  });

  it('is found among many beginnings at once', () => {
    expect(pemBlocks('-----BEGIN X-----\n'.repeat(100_000))).toEqual([]);
    expect(pemBlocks(`${'-----BEGIN X-----\n-----END Y-----\n'.repeat(100_000)}${ed25519Request}`)).toHaveLength(1);
  });
});

describe('an issued certificate', () => {
  it.each([
    ['is accepted', certificate, undefined],
    ['may come with others', certificate + certificate, undefined],
    ['is in PEM', 'AAA', 'must contain at least one CERTIFICATE PEM block'],
    ['is a certificate', ed25519Request, 'only CERTIFICATE PEM blocks are allowed, found "CERTIFICATE REQUEST"'],
    ['has no headers', certificate.replace('-----\n', '-----\nName: ada\n\n'), 'no PEM block headers are permitted'],
    ['is well formed', armour('CERTIFICATE', Buffer.from('hello')), 'x509: malformed certificate'],
  ])('%s', (_, pem, reproach) => {
    expect(certificateReproach(pem)).toBe(reproach);
  });
});

it('DER with long lengths is read, and never beyond its end', () => {
  const long = Buffer.concat([Buffer.from([0x04, 0x82, 0x01, 0x00]), Buffer.alloc(256)]);
  expect(derValues(long)[0]?.content).toHaveLength(256);
  for (const bytes of [
    [0x30, 0x80],
    [0x30, 0x85, 1, 1, 1, 1, 1],
    [0x30, 0x82, 1],
    [0x30, 5, 0],
  ]) {
    expect(() => derValues(Buffer.from(bytes))).toThrow(/^asn1: /);
  }
});
