import type { StreamDialer, StreamRequest } from '@kubephant/node';
import { openSpdySession, type StreamPlan } from './spdy-session';

/** The channels of remotecommand over WebSocket, by the SPDY stream that carries each. */
const channels = { error: 3, stdin: 0, stdout: 1, stderr: 2, resize: 4 } as const;
type StreamName = keyof typeof channels;

/** Adds to a session's URL which streams it has: the server waits for just these, and whoever dials must know them. */
export function withStreams(url: string, { stdin, stdout, stderr, tty }: StreamRequest): string {
  const wanted: Readonly<Record<StreamName, boolean>> = { error: true, stdin, stdout, stderr, resize: tty };
  const names = (Object.keys(wanted) as StreamName[]).filter((name) => wanted[name]);
  return `${url}#${names.join(',')}`;
}

/** Adds to a session's URL the port that it leads to. */
export const withPort = (url: string, port: number): string => `${url}#port=${port}`;

/** What is left to do at a URL: the server's part of it, and the streams to open. */
export function planOf(text: string): StreamPlan {
  const url = new URL(text);
  const fragment = url.hash.slice(1);
  url.hash = '';
  const port = /^port=(\d+)$/.exec(fragment)?.[1];
  if (port !== undefined) {
    const headers = { port, requestid: '0' };
    const streams = [
      { channel: 1, reads: true, writes: false, headers: { ...headers, streamtype: 'error' } },
      { channel: 0, reads: true, writes: true, headers: { ...headers, streamtype: 'data' } },
    ];
    return { url, protocol: 'portforward.k8s.io', streams };
  }
  const names = fragment.split(',').filter((name): name is StreamName => Object.hasOwn(channels, name));
  const streams = names.map((name) => {
    const writes = name === 'stdin' || name === 'resize';
    return { channel: channels[name], reads: !writes, writes, headers: { streamtype: name } };
  });
  return { url, protocol: 'v4.channel.k8s.io', streams };
}

/**
 * Opens the sessions of a CRI runtime's streaming server over SPDY/3.1. Not over WebSocket, where servers of containerd
 * 1.x cannot end one stream of a session alone.
 */
export function newStreamDialer(): StreamDialer {
  return async (text, _protocols, signal) => await openSpdySession(planOf(text), signal);
}
