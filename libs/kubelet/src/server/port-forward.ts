import { badRequest } from '@kubephant/api';
import { onAbort, type Clock } from '@kubephant/base';
import type { StreamSocket } from '@kubephant/node';
import { Budget, newInbox, type ByteSocket, type Incoming, type MessageSocket, type Reply } from '@kubephant/serving';
import { newSpdySession, type HeaderFields, type SpdyStream } from '@kubephant/spdy';
import { closeChannel, fromBase64, toBase64, withChannel } from './channels';
import { isSpdy, spdyProtocol, spdyReply, webSocketProtocol } from './negotiate';
import { streamCreationMs } from './spdy-sessions';

/** Subprotocols of WebSocket: a data and an error channel for each of the ports that the query names. */
const webSocketProtocols = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];
const spdyProtocols = ['portforward.k8s.io'];

/** How to reach the ports of one pod. */
export interface PortForwarding {
  /** `namespace/name` and uid, for texts. */
  readonly pod: string;
  readonly clock: Clock;
  /** A connection to a port in the pod's network: channel 0 carries data, channel 1 what went wrong. */
  readonly dial: (port: number, signal: AbortSignal) => Promise<StreamSocket>;
}

/** Carries connections of the client to ports of a pod. */
export function openPortForward(req: Incoming, forwarding: PortForwarding): Reply {
  if (isSpdy(req)) {
    return spdyReply(spdyProtocol(req, spdyProtocols), (socket) => forwardStreams(socket, forwarding));
  }
  if (!req.upgrade) throw badRequest('Upgrade request required');
  const ports = portsOf(req.url.searchParams);
  const protocol = webSocketProtocol(req, webSocketProtocols);
  return { kind: 'socket', protocol, serve: (client) => forwardChannels(client, ports, forwarding) };
}

function portsOf(query: URLSearchParams): readonly number[] {
  const texts = [...query.getAll('port'), ...query.getAll('ports')].flatMap((text) => text.split(','));
  if (texts.length === 0) throw badRequest('query parameter "port" is required');
  // Each takes two of the 255 channels.
  if (texts.length > 127) throw badRequest('too many ports');
  return texts.map((text) => {
    const port = portOf(text);
    if (port === undefined) throw badRequest(`unable to parse ${JSON.stringify(text)} as a port`);
    return port;
  });
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port > 0 && port < 65_536 ? port : undefined;
}

/** One connection of the client's. */
interface Connection {
  readonly chunks: AsyncIterable<Buffer>;
  write(data: Buffer): Promise<void>;
  /** The pod says nothing more on it. */
  end(): void;
  fail(text: Uint8Array): Promise<void>;
  /** Aborts when the client has given it up. */
  readonly signal: AbortSignal;
}

/** Carries one connection, each direction until its own end; it is over when the pod's side is. */
async function forward(client: Connection, port: number, { pod, dial }: PortForwarding): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([client.signal, over.signal]);
  try {
    const peer = await dial(port, signal);
    using _ = onAbort(signal, () => peer.close());
    inward(client, peer).catch(() => undefined);
    for await (const message of peer.messages) {
      if (message[0] === 0) await client.write(message.subarray(1));
      else if (message[0] === 1) await client.fail(message.subarray(1));
      else if (message[1] === 0) client.end();
    }
  } catch (err) {
    const why = err instanceof Error ? err.message : String(err);
    await client.fail(Buffer.from(`error forwarding port ${port} to pod ${pod}: ${why}`));
  } finally {
    over.abort();
  }
}

async function inward(client: Connection, peer: StreamSocket): Promise<void> {
  for await (const chunk of client.chunks) await peer.send(withChannel(0, chunk));
  if (!client.signal.aborted) await peer.send(Buffer.from([closeChannel, 0]));
}

/** WebSocket: one connection for each port, whose number comes first on both of its channels. */
async function forwardChannels(
  client: MessageSocket,
  ports: readonly number[],
  forwarding: PortForwarding,
): Promise<void> {
  const isText = client.protocol.includes('base64.');
  const send = async (channel: number, data: Uint8Array): Promise<void> => {
    const message = withChannel(channel, data);
    if (!client.signal.aborted) await client.send(isText ? toBase64(message) : message, isText);
  };
  const budget = new Budget(1024 * 1024);
  const inboxes = ports.map(() => newInbox(budget));
  const reading = readChannels(client, isText, async (channel, data) => {
    if (channel % 2 === 0 && inboxes[channel / 2]?.push(data) === false) await budget.room();
  }).finally(() => inboxes.forEach((inbox) => inbox.end()));
  reading.catch(() => undefined);
  using _ = onAbort(client.signal, () => budget.close());
  await Promise.all(
    ports.map(async (port, i) => {
      const number = Buffer.alloc(2);
      number.writeUInt16LE(port);
      await send(2 * i, number);
      await send(2 * i + 1, number);
      const chunks = inboxes[i] ?? newInbox(budget);
      const write = (data: Buffer): Promise<void> => send(2 * i, data);
      const fail = (text: Uint8Array): Promise<void> => send(2 * i + 1, text);
      await forward({ chunks, write, fail, end: () => undefined, signal: client.signal }, port, forwarding);
      chunks.drop();
    }),
  );
}

async function readChannels(
  { messages }: MessageSocket,
  isText: boolean,
  take: (channel: number, data: Buffer) => Promise<void>,
): Promise<void> {
  for await (const message of messages) {
    const decoded = isText ? fromBase64(message) : message;
    if (decoded.length > 1) await take(decoded[0] ?? closeChannel, decoded.subarray(1));
  }
}

interface Pair {
  data?: SpdyStream;
  error?: SpdyStream;
  readonly complete: AbortController;
}

/** SPDY: each connection is a pair of streams, which say the port and which request they belong to. */
async function forwardStreams(socket: ByteSocket, forwarding: PortForwarding): Promise<void> {
  const pairs = new Map<string, Pair>();
  const session = newSpdySession(socket, {
    role: 'server',
    admits: isForward,
    onStream: (stream) => join(pairs, stream, forwarding),
  });
  try {
    await session.run();
  } finally {
    for (const { complete } of pairs.values()) complete.abort();
  }
}

const isForward = ({ port, streamtype }: HeaderFields): boolean =>
  portOf(port) !== undefined && (streamtype === 'error' || streamtype === 'data');

function join(pairs: Map<string, Pair>, stream: SpdyStream, forwarding: PortForwarding): void {
  const kind = stream.headers['streamtype'] as 'data' | 'error';
  const id = requestId(stream);
  const pair = pairs.get(id) ?? newPair(pairs, id, forwarding);
  if (pair[kind]) {
    stream.reset();
    return;
  }
  pair[kind] = stream;
  const { data, error } = pair;
  if (!data || !error) return;
  pair.complete.abort();
  pairs.delete(id);
  void forwardPair(data, error, forwarding);
}

/** Clients that name no request open the error stream just before the data stream. */
const requestId = ({ headers, id }: SpdyStream): string =>
  headers['requestid'] ?? `stream ${headers['streamtype'] === 'error' ? id : id - 2}`;

/** Is forgotten when its other stream does not come. */
function newPair(pairs: Map<string, Pair>, id: string, { clock }: PortForwarding): Pair {
  const pair: Pair = { complete: new AbortController() };
  pairs.set(id, pair);
  const late = async (): Promise<void> => {
    await clock.sleep(streamCreationMs, pair.complete.signal);
    if (pair.complete.signal.aborted) return;
    pairs.delete(id);
    await pair.error?.write(Buffer.from(`(request=${id}) timed out waiting for streams`));
    for (const stream of [pair.data, pair.error]) stream?.reset();
  };
  // That the pair is complete in time ends the wait.
  late().catch(() => undefined);
  return pair;
}

async function forwardPair(data: SpdyStream, error: SpdyStream, forwarding: PortForwarding): Promise<void> {
  const client: Connection = {
    chunks: data.chunks,
    write: (bytes) => data.write(bytes),
    end: () => data.end(),
    fail: (text) => error.write(text),
    signal: data.signal,
  };
  await forward(client, Number(data.headers['port']), forwarding);
  for (const stream of [data, error]) {
    stream.end();
    stream.discard();
  }
}
