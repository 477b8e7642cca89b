/** What a client of PostgreSQL says first on a connection. */
export type Opening =
  /** Asks for TLS or GSS encryption, and waits for one byte of answer before it goes on. */
  | { readonly kind: 'encryption'; readonly rest: Buffer }
  /** Wants a session; `bytes` are the whole packet. */
  | {
      readonly kind: 'startup';
      readonly parameters: ReadonlyMap<string, string>;
      readonly bytes: Buffer;
      readonly rest: Buffer;
    }
  /** Cancels another one's query; nothing follows. */
  | { readonly kind: 'cancel'; readonly bytes: Buffer; readonly rest: Buffer };

const encryptionRequests = new Set([80_877_103, 80_877_104]);
const cancelRequest = 80_877_102;
const headBytes = 8;

/** The first packet of what has arrived of a connection; undefined: it is not complete yet. */
export function readOpening(arrived: Buffer): Opening | undefined {
  if (arrived.length < headBytes) return undefined;
  const length = arrived.readInt32BE(0);
  if (arrived.length < length) return undefined;
  const [bytes, rest] = [arrived.subarray(0, length), arrived.subarray(length)];
  const code = bytes.readInt32BE(4);
  if (encryptionRequests.has(code)) return { kind: 'encryption', rest };
  if (code === cancelRequest) return { kind: 'cancel', bytes, rest };
  return { kind: 'startup', parameters: parametersOf(bytes.subarray(headBytes)), bytes, rest };
}

/** Names and values in turn, each ended by a zero byte; an empty name ends the list. */
function parametersOf(bytes: Buffer): Map<string, string> {
  const words = bytes.toString('utf8').split('\0');
  const parameters = new Map<string, string>();
  for (let i = 0; words[i]; i += 2) parameters.set(words[i] as string, words[i + 1] ?? '');
  return parameters;
}

/** The type byte of a message that tells of a NOTIFY. */
export const notification = 'A'.charCodeAt(0);

/**
 * Splits what a server says after the opening into messages, and lets pass those that are wanted. What is not a whole
 * message yet is kept for the next call, so that a message is never told apart by where its packets were cut.
 */
export class MessageFilter {
  #kept: Buffer = Buffer.alloc(0);

  /** What may go on, in order; empty if nothing may. */
  push(chunk: Buffer, isWanted: (type: number) => boolean): Buffer {
    const arrived = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const passed: Buffer[] = [];
    let at = 0;
    while (at + 5 <= arrived.length) {
      const end = at + 1 + arrived.readInt32BE(at + 1);
      if (end > arrived.length) break;
      if (isWanted(arrived.readUInt8(at))) passed.push(arrived.subarray(at, end));
      at = end;
    }
    this.#kept = arrived.subarray(at);
    return Buffer.concat(passed);
  }
}
