import { request } from 'node:http';
import { StatusError } from '@kubephant/api';
import { upgradeOf } from '@kubephant/http-client';
import type { StreamSocket } from '@kubephant/node';
import { Budget, newInbox, type ByteSocket, type Inbox } from '@kubephant/serving';
import { newSpdySession, type HeaderFields, type SpdyStream } from '@kubephant/spdy';

/** A session to open, and the streams that it consists of. */
export interface StreamPlan {
  readonly url: URL;
  readonly protocol: string;
  readonly streams: readonly {
    /** The byte before its messages. */
    readonly channel: number;
    readonly reads: boolean;
    readonly writes: boolean;
    readonly headers: HeaderFields;
  }[];
}

const closeChannel = 255;
const maxUnreadBytes = 1024 * 1024;

/** Opens a session of a CRI streaming server and shows it as `v5.channel.k8s.io` messages. */
export async function openSpdySession(plan: StreamPlan, signal: AbortSignal): Promise<StreamSocket> {
  const socket = await connect(plan, signal);
  const session = newSpdySession(socket, { role: 'client' });
  const budget = new Budget(maxUnreadBytes);
  const messages = newInbox(budget);
  // What is no SPDY ends the session as any end of the connection does.
  session.run().catch(() => undefined);
  const streams = plan.streams.map((planned) => ({ ...planned, stream: session.open(planned.headers) }));
  const reading = streams.flatMap(({ channel, reads, stream }) => {
    if (!reads) stream.discard();
    return reads ? [read(stream, channel, messages)] : [];
  });
  for (const { writes, stream } of streams) if (!writes) stream.end();
  // Over when the server has ended all it says: output, errors and how the command ended.
  void Promise.allSettled(reading).then(() => messages.end());
  const writable = new Map(streams.filter(({ writes }) => writes).map(({ channel, stream }) => [channel, stream]));
  return {
    protocol: 'v5.channel.k8s.io',
    messages,
    send: (message) => send(writable, message),
    close() {
      budget.close();
      socket.destroy();
    },
  };
}

async function connect({ url, protocol }: StreamPlan, signal: AbortSignal): Promise<ByteSocket> {
  const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': protocol };
  const asked = request(url, { method: 'POST', headers, signal });
  asked.end();
  const answer = await upgradeOf(asked, signal);
  if ('socket' in answer) return answer.socket;
  asked.destroy();
  throw new StatusError('InternalError', `the runtime refused the session: ${answer.status}`);
}

async function read(stream: SpdyStream, channel: number, messages: Inbox): Promise<void> {
  for await (const chunk of stream.chunks) {
    if (!messages.push(Buffer.concat([Buffer.from([channel]), chunk]))) await messages.room();
  }
  if (!stream.signal.aborted) messages.push(Buffer.from([closeChannel, channel]));
}

async function send(streams: ReadonlyMap<number, SpdyStream>, message: Uint8Array): Promise<void> {
  const [first = closeChannel, second = 0] = message;
  if (first === closeChannel) streams.get(second)?.end();
  else await streams.get(first)?.write(message.subarray(1));
}
