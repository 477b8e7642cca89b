import { dialWebSocket } from '@kubephant/http-client';
import type { StreamDialer, StreamRequest } from '@kubephant/node';
import { openSpdySession, type StreamName } from './spdy-session';

/** Adds to a session's URL which streams it has: the server waits for just these, and whoever dials must know them. */
export function withStreams(url: string, { stdin, stdout, stderr, tty }: StreamRequest): string {
  const names: readonly (readonly [StreamName, boolean])[] = [
    ['error', true],
    ['stdin', stdin],
    ['stdout', stdout],
    ['stderr', stderr],
    ['resize', tty],
  ];
  return `${url}#${names
    .filter(([, wanted]) => wanted)
    .map(([name]) => name)
    .join(',')}`;
}

/** Opens the sessions of a CRI runtime's streaming server: exec and attach over SPDY, port-forward over WebSocket. */
export function newStreamDialer(): StreamDialer {
  return async (text, protocols, signal) => {
    const url = new URL(text);
    const streams = url.hash.slice(1).split(',').filter(Boolean) as StreamName[];
    url.hash = '';
    if (streams.length > 0) return await openSpdySession(url, streams, signal);
    return await dialWebSocket(url, protocols, { signal });
  };
}
