import { badRequest } from '@kubephant/api';
import {
  joinSockets,
  type Authenticated,
  type BackendResponse,
  type BackendTunnel,
  type ByteSocket,
  type Dialer,
  type MessageSocket,
  type Reply,
} from '@kubephant/serving';
import type { Target } from './connect';
import { errorTextOf, plainFailure, reach, refusalOf } from './failure';
import { relay } from './relay';

/** SPDY inside the binary messages of a WebSocket: how kubectl forwards ports since 1.31. */
const tunnelled = 'SPDY/3.1+portforward.k8s.io';

/** Opens a session with a kubelet, in whichever way the client asks for one. */
export async function openSession(req: Authenticated, target: Target, dialer: Dialer): Promise<Reply> {
  if (req.upgrade?.includes(tunnelled)) return unwrapped(req, target, dialer);
  if (req.upgrade) return relayed(req.upgrade, target, dialer);
  if (req.upgradeTo === undefined) throw badRequest('Upgrade request required');
  return passedOn(req, target, dialer);
}

/** WebSocket on both sides: the kubelet chooses the protocol, then messages go both ways as they are. */
async function relayed(protocols: readonly string[], { backend, path }: Target, dialer: Dialer): Promise<Reply> {
  const ended = new AbortController();
  const socket = await reach(() => dialer.connect(backend, { path }, protocols, ended.signal), dialFailure);
  return {
    kind: 'socket',
    protocol: socket.protocol,
    serve: (client) => relay(client, socket).finally(() => ended.abort()),
  };
}

/** SPDY on both sides: the kubelet answers the client itself, and what follows is nobody else's business. */
async function passedOn(req: Authenticated, target: Target, dialer: Dialer): Promise<Reply> {
  const protocols = req.headers.get('x-stream-protocol-version');
  const asked = { upgrade: req.upgradeTo ?? '', ...(protocols && { 'x-stream-protocol-version': protocols }) };
  const { answer, ended } = await dialTunnel(target, asked, dialer);
  if (!('socket' in answer)) return refused(answer);
  return tunnelReply(answer, ended);
}

/** Hands the backend's connection to the client; both end together. */
export function tunnelReply({ headers, socket }: BackendTunnel, ended: AbortController): Reply {
  const serve = (client: ByteSocket): Promise<void> => joinSockets(client, socket).finally(() => ended.abort());
  return { kind: 'tunnel', status: 101, headers, serve };
}

/** SPDY that comes inside WebSocket messages goes on to the kubelet without them. */
async function unwrapped(req: Authenticated, target: Target, dialer: Dialer): Promise<Reply> {
  const asked = { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'portforward.k8s.io' };
  const { answer, ended } = await dialTunnel(target, asked, dialer);
  if (!('socket' in answer)) throw await refusalOf(answer);
  const serve = (client: MessageSocket): Promise<void> =>
    joinSockets(bytesOf(client), answer.socket).finally(() => ended.abort());
  return { kind: 'socket', protocol: tunnelled, serve };
}

/** Messages without their borders. */
function bytesOf(socket: MessageSocket): ByteSocket {
  // The socket is closed when its session has been served.
  const end = (): void => undefined;
  return { chunks: socket.messages, write: (data) => socket.send(data), end, destroy: end, signal: socket.signal };
}

interface Dialed {
  readonly answer: BackendTunnel | BackendResponse;
  readonly ended: AbortController;
}

async function dialTunnel(
  { backend, path }: Target,
  headers: Readonly<Record<string, string>>,
  dialer: Dialer,
): Promise<Dialed> {
  const ended = new AbortController();
  const answer = await reach(
    () => dialer.tunnel(backend, { method: 'POST', path, headers }, ended.signal),
    dialFailure,
  );
  return { answer, ended };
}

const dialFailure = (why: string, cause: unknown) => plainFailure(`error dialing backend: ${why}`, cause);

/** What is no session is told in the kubelet's own words: clients show them. Success without one is none. */
async function refused(answer: BackendResponse): Promise<Reply> {
  const { status, headers } = answer;
  if (status < 400) throw plainFailure(`invalid upgrade response: status code ${status}`);
  const contentType = typeof headers['content-type'] === 'string' ? headers['content-type'] : 'text/plain';
  return { kind: 'bytes', status, contentType, chunks: [Buffer.from(await errorTextOf(answer))] };
}
