import { StatusError, badRequest } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { StreamDialer, StreamRequest, StreamSocket } from '@kubephant/node';
import type { Incoming, MessageSocket, Reply } from '@kubephant/serving';
import { closeChannel, errorBytes, errorChannel, fromBase64, toBase64 } from './channels';
import { isSpdy, webSocketProtocol } from './negotiate';
import { openSpdySession } from './spdy-sessions';

/** Subprotocols that clients may offer, best first. All but base64's send bytes as they are. */
const protocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'base64.channel.k8s.io',
];
/** What the runtime is asked to speak. */
const runtimeProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** A session that the runtime is asked for. */
export interface SessionRequest {
  readonly streams: StreamRequest;
  /** The runtime's URL for it. */
  readonly open: (signal: AbortSignal) => Promise<string>;
}

export interface SessionDeps {
  readonly dialStream: StreamDialer;
  readonly clock: Clock;
}

/**
 * Opens a session of the runtime and lets the client speak with it under whatever protocol it knows. Rejects with what
 * the runtime says when it refuses: the answer to a request that is not upgraded is the one clients show.
 */
export async function openSession(req: Incoming, asked: SessionRequest, deps: SessionDeps): Promise<Reply> {
  const connect = async (url: string, signal: AbortSignal): Promise<StreamSocket> =>
    deps.dialStream(url, runtimeProtocols, signal);
  if (isSpdy(req)) return await openSpdySession(req, asked, { connect, clock: deps.clock });
  if (!req.upgrade) throw badRequest('Upgrade request required');
  const protocol = webSocketProtocol(req, protocols);
  const url = await asked.open(req.signal);
  return {
    kind: 'socket',
    protocol,
    serve: async (client) => {
      try {
        await relay(client, await connect(url, client.signal), protocol);
      } catch (err) {
        // A runtime that refuses is an answer for the client, on the channel for it.
        const bytes = errorBytes(StatusError.from(err).status, hasStatus(protocol));
        await send(client, protocol, Buffer.concat([Buffer.from([errorChannel]), bytes]));
      }
    },
  };
}

async function relay(client: MessageSocket, peer: StreamSocket, protocol: string): Promise<void> {
  const inward = async (): Promise<void> => {
    for await (const message of client.messages) {
      const decoded = isBase64(protocol) ? fromBase64(message) : message;
      const closes = decoded[0] === closeChannel;
      // The older protocols have no way to close one stream, so a client's 255 is nothing to them.
      if (closes && protocol !== 'v5.channel.k8s.io') continue;
      await peer.send(decoded);
    }
  };
  const outward = async (): Promise<void> => {
    for await (const message of peer.messages) {
      // Only clients end single streams in these protocols.
      if (message[0] !== closeChannel) await send(client, protocol, outgoing(message, protocol));
    }
  };
  const entering = inward().finally(() => peer.close());
  // The client may go on typing after the command has ended: only the end of the command ends the session.
  entering.catch(() => undefined);
  try {
    await outward();
  } finally {
    peer.close();
  }
}

async function send(client: MessageSocket, protocol: string, message: Buffer): Promise<void> {
  if (client.signal.aborted) return;
  if (isBase64(protocol)) await client.send(toBase64(message), true);
  else await client.send(message);
}

const isBase64 = (protocol: string): boolean => protocol.includes('base64.');
const hasStatus = (protocol: string): boolean => protocol.startsWith('v4.') || protocol.startsWith('v5.');

/** The protocols before v4 have plain text where v4 has a Status. */
function outgoing(message: Buffer, protocol: string): Buffer {
  if (message[0] !== errorChannel || message.length < 2 || hasStatus(protocol)) return message;
  return Buffer.concat([Buffer.from([errorChannel]), errorBytes(message.subarray(1), false)]);
}
