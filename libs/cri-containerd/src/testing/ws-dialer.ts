import { once } from 'node:events';
import type { StreamDialer } from '@kubephant/node';
import { WebSocket, createWebSocketStream } from 'ws';

/** A dialer on bare `ws`, for examinations that need no more than one. */
export const wsDialer: StreamDialer = async (url, protocols, signal) => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], { signal });
  const stream = createWebSocketStream(socket, { readableObjectMode: true });
  await once(socket, 'open', { signal });
  return {
    protocol: socket.protocol,
    messages: stream as AsyncIterable<Buffer>,
    send: (data) => new Promise((resolve, reject) => socket.send(data, (err) => (err ? reject(err) : resolve()))),
    close: () => socket.close(),
  };
};
