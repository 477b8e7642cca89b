import { badRequest, StatusError } from '@kubephant/api';
import type { Incoming, Reply } from '@kubephant/serving';

const versionHeader = 'x-stream-protocol-version';

/** Whether the client would go on in SPDY/3.1, as clients did before WebSocket. */
export const isSpdy = ({ upgradeTo }: Incoming): boolean => upgradeTo?.toLowerCase() === 'spdy/3.1';

/** The first of the client's subprotocols of SPDY that is known here. Throws with upstream's words. */
export function spdyProtocol({ headers }: Incoming, known: readonly string[]): string {
  const offered = (headers.get(versionHeader) ?? '').split(',').flatMap((name) => name.trim() || []);
  if (offered.length === 0) throw badRequest('unable to upgrade: X-Stream-Protocol-Version is required');
  const chosen = offered.find((name) => known.includes(name));
  if (chosen !== undefined) return chosen;
  const supports = `client supports [${offered.join(' ')}], server accepts [${known.join(' ')}]`;
  throw new StatusError('Forbidden', `unable to upgrade: unable to negotiate protocol: ${supports}`);
}

/** The first of ours that a WebSocket client offers. */
export function webSocketProtocol({ upgrade = [] }: Incoming, known: readonly string[]): string {
  const chosen = known.find((name) => upgrade.includes(name));
  if (chosen !== undefined) return chosen;
  throw badRequest(`no supported subprotocol among ${JSON.stringify(upgrade)}`);
}

type TunnelReply = Extract<Reply, { kind: 'tunnel' }>;

export function spdyReply(protocol: string, serve: TunnelReply['serve']): TunnelReply {
  const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', [versionHeader]: protocol };
  return { kind: 'tunnel', status: 101, headers, serve };
}
