import type { Counter, Histogram } from '@kubephant/base';
import type { DnsContext, DnsHandler, DnsQuestion } from '@kubephant/serving';

/** Sends a query to one upstream server and returns its answer; rejects when there is none in time. */
export type Exchange = (
  server: string,
  query: Uint8Array,
  protocol: DnsContext['protocol'],
  signal: AbortSignal,
) => Promise<Uint8Array>;

export interface ForwardConfig {
  /** Addresses with ports, in the order in which they are asked. */
  readonly servers: readonly string[];
  readonly exchange: Exchange;
  readonly requests: Counter<'to'>;
  readonly duration: Histogram<'to' | 'rcode'>;
  readonly now: () => number;
}

const codes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** Passes a question on as it came, and its answer back as it came; SERVFAIL when no server answers. */
export function forward({ servers, exchange, requests, duration, now }: ForwardConfig): DnsHandler {
  return async (_question: DnsQuestion, { query, protocol, signal }) => {
    for (const server of servers) {
      const startMs = now();
      requests.inc({ to: server });
      const message = await exchange(server, query, protocol, signal).catch(() => undefined);
      const rcode = message ? (codes[(message[3] ?? 0) & 0x0f] ?? 'OTHER') : 'TIMEOUT';
      duration.observe({ to: server, rcode }, (now() - startMs) / 1000);
      if (message) return { message };
    }
    return { code: 'SERVFAIL', authoritative: false, answers: [] };
  };
}
