import { Budget, newInbox, type ByteSocket, type Inbox } from '@kubephant/serving';

/** Two ends of one connection in memory; each side's writes wait while the other does not read. */
export function socketPair(limitBytes = 64 * 1024): readonly [ByteSocket, ByteSocket] {
  const [there, back] = [newInbox(new Budget(limitBytes)), newInbox(new Budget(limitBytes))];
  const gone = new AbortController();
  return [endOf(there, back, gone), endOf(back, there, gone)];
}

function endOf(incoming: Inbox, outgoing: Inbox, gone: AbortController): ByteSocket {
  return {
    chunks: incoming,
    signal: gone.signal,
    async write(data) {
      if (!outgoing.push(Buffer.from(data))) await outgoing.room();
    },
    end: () => outgoing.end(),
    destroy() {
      incoming.drop();
      outgoing.drop();
      gone.abort();
    },
  };
}
