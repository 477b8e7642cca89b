import { StatusError } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { StreamRequest, StreamSocket } from '@kubephant/node';
import type { ByteSocket, Incoming, Reply } from '@kubephant/serving';
import { newSpdySession, type SpdyStream } from '@kubephant/spdy';
import { channels, closeChannel, errorBytes, withChannel, type ChannelName } from './channels';
import { spdyProtocol, spdyReply } from './negotiate';
import type { SessionRequest } from './sessions';

/** Subprotocols of SPDY, best first; the newer ones have a Status at the end (v4) and sizes of terminals (v3). */
const protocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
const resizing = new Set(['v4.channel.k8s.io', 'v3.channel.k8s.io']);
/** How long a client may take to open its streams (upstream: DefaultStreamCreationTimeout). */
export const streamCreationMs = 30_000;

export interface SpdyDeps {
  readonly connect: (url: string, signal: AbortSignal) => Promise<StreamSocket>;
  readonly clock: Clock;
}

/** exec and attach for clients that speak SPDY/3.1: one stream for each of the session's, and one for how it ended. */
export async function openSpdySession(req: Incoming, asked: SessionRequest, deps: SpdyDeps): Promise<Reply> {
  const protocol = spdyProtocol(req, protocols);
  const names = namesOf(asked.streams, protocol);
  const url = await asked.open(req.signal);
  return spdyReply(protocol, async (socket) => {
    const session = gather(socket, names);
    try {
      const streams = await session.complete(deps.clock);
      if (streams) await converse(streams, () => deps.connect(url, socket.signal), protocol);
    } finally {
      session.close();
    }
    await session.running;
  });
}

function namesOf({ stdin, stdout, stderr, tty }: StreamRequest, protocol: string): readonly ChannelName[] {
  const wanted: Readonly<Record<ChannelName, boolean>> = {
    stdin,
    stdout,
    stderr,
    error: true,
    resize: tty && resizing.has(protocol),
  };
  return (Object.keys(wanted) as ChannelName[]).filter((name) => wanted[name]);
}

type Streams = ReadonlyMap<ChannelName, SpdyStream>;

interface Gathering {
  /** The streams once the client has opened them all; undefined when it goes or takes too long. */
  complete(clock: Clock): Promise<Streams | undefined>;
  readonly running: Promise<void>;
  close(): void;
}

function gather(socket: ByteSocket, names: readonly ChannelName[]): Gathering {
  const streams = new Map<ChannelName, SpdyStream>();
  const all = Promise.withResolvers<Streams | undefined>();
  const missing = (name: string | undefined): name is ChannelName =>
    names.includes(name as ChannelName) && !streams.has(name as ChannelName);
  const session = newSpdySession(socket, {
    role: 'server',
    admits: ({ streamtype }) => missing(streamtype),
    onStream(stream) {
      streams.set(stream.headers['streamtype'] as ChannelName, stream);
      if (streams.size === names.length) all.resolve(streams);
    },
  });
  const running = session.run().finally(() => all.resolve(undefined));
  // It is awaited at the end; until then it may fail unheard.
  running.catch(() => undefined);
  return {
    running,
    close: () => session.close(),
    async complete(clock) {
      const timer = new AbortController();
      const late = clock.sleep(streamCreationMs, timer.signal).then(
        () => undefined,
        () => undefined,
      );
      try {
        return await Promise.race([all.promise, late]);
      } finally {
        timer.abort();
      }
    },
  };
}

/** Says to each side what the other does, until the runtime has said how the session ended. */
async function converse(streams: Streams, connect: () => Promise<StreamSocket>, protocol: string): Promise<void> {
  const asStatus = protocol === 'v4.channel.k8s.io';
  try {
    const peer = await connect();
    try {
      for (const name of ['stdin', 'resize'] as const) {
        // What cannot be told to a session that is over is no failure of it.
        inward(streams.get(name), channels[name], peer).catch(() => undefined);
      }
      whenBroken(streams, () => peer.close());
      await outward(streams, peer, asStatus);
    } finally {
      peer.close();
    }
  } catch (err) {
    await streams.get('error')?.write(errorBytes(StatusError.from(err).status, asStatus));
  } finally {
    for (const stream of streams.values()) {
      stream.end();
      stream.discard();
    }
  }
}

async function inward(stream: SpdyStream | undefined, channel: number, peer: StreamSocket): Promise<void> {
  if (!stream) return;
  for await (const chunk of stream.chunks) await peer.send(withChannel(channel, chunk));
  if (!stream.signal.aborted) await peer.send(Buffer.from([closeChannel, channel]));
}

async function outward(streams: Streams, peer: StreamSocket, asStatus: boolean): Promise<void> {
  const byChannel = new Map([...streams].map(([name, stream]) => [channels[name] as number, stream]));
  for await (const message of peer.messages) {
    const [channel = closeChannel] = message;
    const data = message.subarray(1);
    await byChannel.get(channel)?.write(channel === channels.error ? errorBytes(data, asStatus) : data);
  }
}

/** A client that has gone away leaves nothing to do: the error stream is the last that it ends. */
function whenBroken(streams: Streams, act: () => void): void {
  streams.get('error')?.signal.addEventListener('abort', act, { once: true });
}
