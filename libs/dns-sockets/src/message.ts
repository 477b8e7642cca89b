import {
  AUTHORITATIVE_ANSWER,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
  decode,
  encode,
  type Answer,
  type DecodedPacket,
  type Packet,
  type Question,
} from 'dns-packet';
import type { DnsCode, DnsContext, DnsHandler, DnsQuestion, DnsResponse } from '@kubephant/serving';

const codeNumbers: Readonly<Record<DnsCode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
};

/** What a datagram may hold for a client that does not say (RFC 1035), and the most that we send (RFC 9715). */
const plainUdpBytes = 512;
const ednsUdpBytes = 1232;
const headerBytes = 12;
const typeAndClassBytes = 4;

/** The answer to one message; undefined when it deserves none (not a query at all). */
export async function answer(handler: DnsHandler, context: DnsContext): Promise<Uint8Array | undefined> {
  const { query, protocol } = context;
  // A response (QR set) is never answered: two servers could go on for ever.
  if (query.length < headerBytes || ((query[2] ?? 0) & 0x80) !== 0) return undefined;
  const asked = parse(query);
  if ('code' in asked) return encodeResponse(query, asked.packet, failure(asked.code), Infinity);
  const limit = protocol === 'tcp' ? Infinity : udpLimit(asked.packet);
  const response = (await handler(asked.question, context)) ?? failure('REFUSED');
  return 'message' in response
    ? fit(response.message, query, asked.packet, limit)
    : encodeResponse(query, asked.packet, response, limit);
}

const failure = (code: DnsCode): DnsResponse => ({ code, authoritative: false, answers: [] });

type Parsed =
  | { readonly packet: DecodedPacket; readonly question: DnsQuestion }
  | { readonly packet?: DecodedPacket; readonly code: DnsCode };

function parse(query: Uint8Array): Parsed {
  let packet: DecodedPacket;
  try {
    packet = decode(Buffer.from(query.buffer, query.byteOffset, query.length));
  } catch {
    // Whatever cannot be read is the sender's format error, not ours.
    return { code: 'FORMERR' };
  }
  // What is no plain question about one name is not repeated: it may be too long, or of what cannot be written.
  if ((((query[2] ?? 0) >> 3) & 0x0f) !== 0) return { code: 'NOTIMP' };
  const [question, ...more] = packet.questions ?? [];
  if (!question || more.length > 0) return { code: 'FORMERR' };
  // A label may hold a dot, or what is no text: as a name it would be another, and the answer not be about what was asked.
  if (!isWhole(question, query)) return { code: 'FORMERR' };
  if (question.class !== 'IN' && question.class !== 'ANY') return { packet, code: 'REFUSED' };
  return {
    packet,
    question: { name: question.name.toLowerCase(), type: (question.type as string).replace('UNKNOWN_', 'TYPE') },
  };
}

/** Whether the name of the question, written again, is what was read. */
function isWhole(question: Question, query: Uint8Array): boolean {
  const written = encode({ questions: [question] });
  const name = written.subarray(headerBytes, written.length - typeAndClassBytes);
  return name.equals(query.subarray(headerBytes, headerBytes + name.length));
}

function ednsOf(packet: DecodedPacket | undefined): { readonly udpPayloadSize: number } | undefined {
  const opt = packet?.additionals?.find(({ type }) => type === 'OPT');
  return opt && 'udpPayloadSize' in opt ? opt : undefined;
}

function udpLimit(packet: DecodedPacket): number {
  return Math.min(Math.max(ednsOf(packet)?.udpPayloadSize ?? plainUdpBytes, plainUdpBytes), ednsUdpBytes);
}

function encodeResponse(
  query: Uint8Array,
  packet: DecodedPacket | undefined,
  response: DnsResponse,
  limit: number,
): Uint8Array {
  const full = encode(responsePacket(query, packet, response));
  if (full.length <= limit) return full;
  // Additional records are a courtesy; only when the answers themselves do not fit must the client come back by TCP.
  const plain = encode(responsePacket(query, packet, { ...response, additionals: [] }));
  return plain.length <= limit
    ? plain
    : encode(
        responsePacket(
          query,
          packet,
          { ...response, answers: [], additionals: [], authorities: [] },
          TRUNCATED_RESPONSE,
        ),
      );
}

function responsePacket(
  query: Uint8Array,
  packet: DecodedPacket | undefined,
  response: DnsResponse,
  extraFlags = 0,
): Packet {
  const recursionDesired = ((query[2] ?? 0) & 0x01) !== 0 ? RECURSION_DESIRED : 0;
  const authoritative = response.authoritative ? AUTHORITATIVE_ANSWER : 0;
  const edns = ednsOf(packet);
  const opt: Answer[] = edns
    ? [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: ednsUdpBytes,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ]
    : [];
  return {
    id: ((query[0] ?? 0) << 8) | (query[1] ?? 0),
    type: 'response',
    flags: recursionDesired | RECURSION_AVAILABLE | authoritative | extraFlags | codeNumbers[response.code],
    questions: packet?.questions ?? [],
    answers: response.answers.map(toAnswer),
    authorities: (response.authorities ?? []).map(toAnswer),
    additionals: [...(response.additionals ?? []).map(toAnswer), ...opt],
  };
}

const toAnswer = (record: DnsResponse['answers'][number]): Answer => ({ ...record, class: 'IN' });

/** An upstream's answer as it came, unless it is too long for the way back. */
function fit(message: Uint8Array, query: Uint8Array, packet: DecodedPacket, limit: number): Uint8Array {
  return message.length <= limit
    ? message
    : encode(responsePacket(query, packet, failure('NOERROR'), TRUNCATED_RESPONSE));
}
