import { StatusError, badRequest } from '@kubephant/api';
import type { StreamDialer, StreamSocket } from '@kubephant/node';
import type { Incoming, MessageSocket, Reply } from '@kubephant/serving';

/** Subprotocols that clients may offer, best first. All but base64's send bytes as they are. */
const protocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];
/** What the runtime is asked to speak. */
const runtimeProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const errorChannel = 3;
const closeChannel = 255;

/**
 * Opens a session of the runtime and lets the client speak with it under whatever protocol it knows. Rejects with what
 * the runtime says when it refuses: the answer to a request that is not upgraded is the one clients show.
 */
export async function openSession(
  req: Incoming,
  dial: StreamDialer,
  open: (signal: AbortSignal) => Promise<string>,
): Promise<Reply> {
  if (!req.upgrade) throw badRequest('Upgrade request required');
  const offered = new Set(req.upgrade);
  const protocol = protocols.find((name) => offered.has(name));
  if (protocol === undefined) throw badRequest(`no supported subprotocol among ${JSON.stringify(req.upgrade)}`);
  const url = await open(req.signal);
  return {
    kind: 'socket',
    protocol,
    serve: async (client) => {
      const peer = await connect(client, protocol, dial, url);
      if (peer) await relay(client, peer, protocol);
    },
  };
}

/** A runtime that refuses is an answer for the client, on the channel for it. */
async function connect(
  client: MessageSocket,
  protocol: string,
  dial: StreamDialer,
  url: string,
): Promise<StreamSocket | undefined> {
  try {
    return await dial(url, runtimeProtocols, client.signal);
  } catch (err) {
    const { status } = StatusError.from(err);
    await send(client, protocol, errorMessage(protocol, status));
    return undefined;
  }
}

async function relay(client: MessageSocket, peer: StreamSocket, protocol: string): Promise<void> {
  const inward = async (): Promise<void> => {
    for await (const message of client.messages) {
      const decoded = protocol.startsWith('base64.') ? fromBase64(message) : message;
      const closes = decoded[0] === closeChannel;
      // The older protocols have no way to close one stream, so a client's 255 is nothing to them.
      if (closes && protocol !== 'v5.channel.k8s.io') continue;
      await peer.send(decoded);
    }
  };
  const outward = async (): Promise<void> => {
    for await (const message of peer.messages) await send(client, protocol, outgoing(message, protocol));
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
  if (!protocol.startsWith('base64.')) {
    await client.send(message);
    return;
  }
  await client.send(Buffer.from(`${message[0] ?? 0}${message.subarray(1).toString('base64')}`), true);
}

function fromBase64(message: Buffer): Buffer {
  const channel = Number(message.toString('latin1', 0, 1));
  return Buffer.concat([Buffer.from([channel]), Buffer.from(message.toString('latin1', 1), 'base64')]);
}

/** The protocols before v4 have plain text where v4 has a Status. */
function outgoing(message: Buffer, protocol: string): Buffer {
  if (message[0] !== errorChannel || message.length < 2 || hasStatus(protocol)) return message;
  try {
    const { message: text = '', status } = JSON.parse(message.toString('utf8', 1)) as {
      message?: string;
      status?: string;
    };
    return Buffer.concat([Buffer.from([errorChannel]), Buffer.from(status === 'Success' ? '' : text)]);
  } catch {
    // Not a Status: then it is the text already.
    return message;
  }
}

function errorMessage(protocol: string, status: object & { readonly message?: string }): Buffer {
  const text = hasStatus(protocol) ? JSON.stringify(status) : (status.message ?? '');
  return Buffer.concat([Buffer.from([errorChannel]), Buffer.from(text)]);
}

const hasStatus = (protocol: string): boolean => protocol.startsWith('v4.') || protocol.startsWith('v5.');

/** Port-forward has a data and an error channel for each port, and the same messages under every protocol. */
export function openPortForward(
  req: Incoming,
  dial: StreamDialer,
  open: (signal: AbortSignal) => Promise<string>,
): Reply {
  if (!req.upgrade) throw badRequest('Upgrade request required');
  const protocol = ['v4.channel.k8s.io'].find((name) => req.upgrade?.includes(name));
  if (protocol === undefined) throw badRequest(`no supported subprotocol among ${JSON.stringify(req.upgrade)}`);
  return {
    kind: 'socket',
    protocol,
    serve: async (client) => {
      const peer = await dial(await open(client.signal), [protocol], client.signal);
      await relay(client, peer, 'v5.channel.k8s.io');
    },
  };
}
