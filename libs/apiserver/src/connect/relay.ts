import type { BackendSocket, MessageSocket } from '@kubephant/serving';

/**
 * Carries messages both ways, each sent before the next is read, until either side ends; then the other is ended too.
 * Messages of the base64 protocols are text, all others are binary.
 */
export async function relay(client: MessageSocket, backend: BackendSocket): Promise<void> {
  const text = client.protocol.startsWith('base64.');
  const toBackend = pump(client, backend, text).finally(() => backend.close());
  const toClient = pump(backend, client, text);
  try {
    await Promise.race([toBackend, toClient]);
  } finally {
    // The direction that is left fails on a socket that is closing, which is no news.
    for (const direction of [toBackend, toClient]) direction.catch(() => undefined);
  }
}

async function pump(from: MessageSocket, to: MessageSocket, text: boolean): Promise<void> {
  for await (const message of from.messages) {
    if (to.signal.aborted) return;
    await to.send(message, text);
  }
}
