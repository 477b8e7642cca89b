import { exponentialBuckets, type Counter, type Histogram, type Metrics } from '@kubephant/base';
import type { DnsHandler } from '@kubephant/serving';

/** CoreDNS' metrics, names and labels as its dashboards expect them. */
export interface DnsMetrics {
  readonly requests: Counter<'server' | 'zone' | 'view' | 'proto' | 'family' | 'type'>;
  readonly duration: Histogram<'server' | 'zone' | 'view'>;
  readonly responses: Counter<'server' | 'zone' | 'view' | 'rcode' | 'plugin'>;
  readonly requestSize: Histogram<'server' | 'zone' | 'view' | 'proto'>;
  readonly panics: Counter<never>;
  readonly cacheHits: Counter<never>;
  readonly cacheMisses: Counter<never>;
  readonly forwardRequests: Counter<'to'>;
  readonly forwardDuration: Histogram<'to' | 'rcode'>;
}

export function newDnsMetrics(metrics: Metrics): DnsMetrics {
  const seconds = exponentialBuckets(0.00025, 2, 16);
  const sizes = [0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16_000, 32_000, 48_000, 64_000];
  const where = ['server', 'zone', 'view'] as const;
  return {
    requests: metrics.counter(
      'coredns_dns_requests_total',
      'Counter of DNS requests made per zone, protocol and family.',
      [...where, 'proto', 'family', 'type'],
    ),
    duration: metrics.histogram(
      'coredns_dns_request_duration_seconds',
      'Histogram of the time (in seconds) each request took per zone.',
      seconds,
      where,
    ),
    responses: metrics.counter('coredns_dns_responses_total', 'Counter of response status codes.', [
      ...where,
      'rcode',
      'plugin',
    ]),
    requestSize: metrics.histogram(
      'coredns_dns_request_size_bytes',
      'Size of the EDNS0 UDP buffer in bytes (64K for TCP) per zone and protocol.',
      sizes,
      [...where, 'proto'],
    ),
    panics: metrics.counter('coredns_panics_total', 'A metrics that counts the number of panics.'),
    cacheHits: metrics.counter('coredns_cache_hits_total', 'The count of cache hits.'),
    cacheMisses: metrics.counter(
      'coredns_cache_misses_total',
      'The count of cache misses. Deprecated, derive misses from cache hits/requests counters.',
    ),
    forwardRequests: metrics.counter('coredns_forward_requests_total', 'Counter of requests made per upstream.', [
      'to',
    ]),
    forwardDuration: metrics.histogram(
      'coredns_forward_request_duration_seconds',
      'Histogram of the time each request took.',
      seconds,
      ['to', 'rcode'],
    ),
  };
}

/** Types that are counted by name; all others together, so that nobody can make labels without end. */
const countedTypes = new Set([
  'A',
  'AAAA',
  'CNAME',
  'MX',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
  'ANY',
  'HTTPS',
  'DS',
  'DNSKEY',
  'NAPTR',
]);

interface Where {
  readonly server: string;
  readonly zone: (name: string) => string;
  readonly now: () => number;
}

/** Counts and times what `next` does; a throw becomes SERVFAIL. */
export function withMetrics(next: DnsHandler, metrics: DnsMetrics, { server, zone, now }: Where): DnsHandler {
  return async (question, context) => {
    const startMs = now();
    const labels = { server, zone: zone(question.name), view: '' };
    const type = countedTypes.has(question.type) ? question.type : 'other';
    metrics.requests.inc({ ...labels, proto: context.protocol, family: context.family, type });
    metrics.requestSize.observe({ ...labels, proto: context.protocol }, context.query.length);
    const response = await next(question, context).catch(() => {
      metrics.panics.inc();
      return { code: 'SERVFAIL' as const, authoritative: false, answers: [] };
    });
    metrics.duration.observe(labels, (now() - startMs) / 1000);
    const [rcode, plugin] = response && 'code' in response ? [response.code, 'kubernetes'] : ['NOERROR', 'forward'];
    metrics.responses.inc({ ...labels, rcode, plugin });
    return response;
  };
}
