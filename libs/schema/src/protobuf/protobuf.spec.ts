import { decodeJson } from '../json';
import { DecodeError } from '../json/error';
import { schemas } from '../registry';
import goldens from './testdata/goldens.json';
import { decodeMessage, decodeProtobuf, decodeWatchFrame, encodeProtobuf, encodeWatchFrame, readEnvelope } from '.';

interface Golden {
  readonly definition: string;
  readonly object: Record<string, unknown>;
  /** Base64 of a whole body, or of a message without envelope. */
  readonly body?: string;
  readonly message?: string;
}

const cases = (goldens as unknown as Golden[]).map((golden) => [golden.definition, golden] as const);
const configMap = schemas.get('io.k8s.api.core.v1.ConfigMap');
const props = schemas.get('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps');

/** A body of one kind around a hand-written message. */
const bodyOf = (message: string, apiVersion = 'v1', kind = 'ConfigMap'): Buffer => {
  const body = encodeProtobuf({ ...configMap, isKind: true, fields: new Map() }, { apiVersion, kind });
  const tail = body.indexOf('12001a002200', 0, 'hex');
  const bytes = Buffer.from(message, 'hex');
  return Buffer.concat([body.subarray(0, tail), Buffer.from([0x12, bytes.length]), bytes, body.subarray(tail + 2)]);
};

describe('protobuf', () => {
  it.each(cases)('writes %s byte for byte as upstream does', (_, { definition, object, body, message }) => {
    const written = encodeProtobuf(schemas.get(definition), object);
    if (body) expect(written.toString('base64')).toBe(body);
    else expect(readEnvelope(written).raw.toString('base64')).toBe(message);
  });

  it.each(cases)('reads %s as JSON would be read', (_, { definition, object, body, message }) => {
    const schema = schemas.get(definition);
    const expected = decodeJson(schema, JSON.stringify(object)).object;
    const read = body
      ? readEnvelope(Buffer.from(body, 'base64'))
      : { apiVersion: '', kind: '', contentType: '', raw: Buffer.from(message!, 'base64') };
    const { apiVersion: _apiVersion, kind: _kind, ...value } = decodeMessage(schema, read);
    const { apiVersion: _expectedVersion, kind: _expectedKind, ...wanted } = expected;
    expect(value).toEqual(wanted);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a boolean that allows', { additionalProperties: true }],
    ['a boolean that forbids', { additionalProperties: false }],
    ['a schema instead of a boolean', { additionalProperties: { type: 'x' } }],
    ['one schema of all items', { items: { type: 'x' } }],
    ['schemas of each item', { items: [{ type: 'x' }, { type: 'y' }] }],
    ['names or a schema', { dependencies: { a: { type: 'x' }, b: ['p', 'q'] } }],
    ['open JSON', { default: { a: [1, null] }, enum: [1, 'x', null].slice(0, 2) }],
  ])('keeps the alternatives inside JSON schemas: %s', (_, object) => {
    const { raw } = readEnvelope(encodeProtobuf(props, object));
    expect(decodeMessage(props, { raw, apiVersion: '', kind: '', contentType: '' })).toEqual(object);
  });

  it('keeps keys such as __proto__, texts beyond ASCII, and negative and great numbers', () => {
    const object = JSON.parse(
      '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"ä€😀","generation":-9007199254740991},"data":{"__proto__":"x","constructor":"y"}}',
    ) as Record<string, unknown>;
    expect(JSON.stringify(decodeProtobuf(encodeProtobuf(configMap, object)).object)).toBe(JSON.stringify(object));
  });

  it.each([
    ['2024-01-01T00:00:00.123456Z', '2024-01-01T00:00:00.123456Z'],
    ['2024-01-01T00:00:00.123Z', '2024-01-01T00:00:00.123000Z'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000000Z'],
  ])('keeps the microseconds of %s', (renewTime, expected) => {
    const lease = schemas.get('io.k8s.api.coordination.v1.LeaseSpec');
    const { raw } = readEnvelope(encodeProtobuf(lease, { renewTime }));
    expect(decodeMessage(lease, { raw, apiVersion: '', kind: '', contentType: '' })).toEqual({ renewTime: expected });
  });

  it('frames the events of a watch as upstream does', () => {
    const [, status] = cases.find(([name]) => name.endsWith('.Status'))!;
    const frame = encodeWatchFrame('ERROR', Buffer.from(status.body!, 'base64'));
    expect(frame.readUInt32BE()).toBe(frame.length - 4);
    expect(frame.subarray(4, 14).toString('hex')).toBe('0a054552524f5212e801');
    expect(decodeWatchFrame(frame.subarray(4))).toEqual({ type: 'ERROR', object: status.object });
  });
});

describe('protobuf from anybody', () => {
  it.each([
    ['nothing', '', 'empty data'],
    [
      'no magic number',
      '0a000000',
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    ],
    ['nothing behind the magic number', '6b387300', 'empty body'],
    ['a field that is cut off', '6b3873000a99', 'unexpected EOF'],
    ['an end of group', '6b3873000c', 'proto: illegal wireType 4'],
    ['a field of number 0', '6b38730002', 'proto: illegal tag 0 (wire type 2)'],
    ['a number without end', '6b38730008ffffffffffffffffffffff', 'proto: integer overflow'],
    ['a length beyond all bytes', '6b3873000affffffffffffffff7f', 'unexpected EOF'],
  ])('is refused when it is %s', (_, hex, message) => {
    expect(() => decodeProtobuf(Buffer.from(hex, 'hex'))).toThrow(new DecodeError(message));
  });

  it('is refused when its kind is unknown', () => {
    expect(() => decodeProtobuf(bodyOf('', 'v1', 'Nope'))).toThrow('no kind "Nope" is registered for version "v1"');
  });

  it('is refused when it nests without end', () => {
    let message = Buffer.alloc(0);
    const not = props.fields.get('not')?.number ?? 0;
    for (let depth = 0; depth < 2000; depth++) {
      const length = message.length;
      const prefix = [((not * 8 + 2) & 0x7f) | 0x80, (not * 8 + 2) >> 7, (length & 0x7f) | 0x80, (length >> 7) & 0x7f];
      message = Buffer.concat([Buffer.from(prefix), message]);
    }
    const body = { raw: message, apiVersion: '', kind: '', contentType: '' };
    expect(() => decodeMessage(props, body)).toThrow(new DecodeError('exceeded max depth'));
  });

  it('may have unknown fields, which are skipped, and packed lists', () => {
    expect(decodeProtobuf(bodyOf('f8070a')).object).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', metadata: {} });
    const options = decodeProtobuf(bodyOf('0a020102', 'v1', 'PodPortForwardOptions')).object;
    expect(options['ports']).toEqual([1, 2]);
  });

  it('never breaks anything but itself, whatever its bytes are', () => {
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (const [, { body }] of cases) {
      for (let round = 0; body && round < 60; round++) {
        const bytes = Buffer.from(body, 'base64').subarray(0, random(5) === 0 ? 40 : undefined);
        for (let change = 0; change < 4; change++) bytes[4 + random(bytes.length - 4)] = random(256);
        try {
          decodeProtobuf(bytes);
        } catch (err) {
          expect(err).toBeInstanceOf(DecodeError);
        }
      }
    }
  });
});
