import type { Metrics } from '@kubephant/base';
import type { DnsHandler } from '@kubephant/serving';
import { withCache } from './cache';
import { chain } from './chain';
import { forward, type Exchange } from './forward';
import { newDnsMetrics, withMetrics } from './metrics';
import { withShuffledAddresses } from './shuffle';
import { clusterZone } from './zone/cluster-zone';
import { newDirectory, type DirectoryInformers } from './zone/directory';
import { reverseZone } from './zone/reverse-zone';

export interface DnsDeps extends DirectoryInformers {
  readonly metrics: Metrics;
  readonly exchange: Exchange;
  readonly now: () => number;
}

export interface DnsConfig {
  readonly domain: string;
  /** How long clients may remember what the cluster's zone says. */
  readonly ttlSeconds: number;
  /** Upstream servers with ports; none: questions outside the cluster are REFUSED. */
  readonly upstreams: readonly string[];
  /** For metrics: `dns://172.30.0.1:10053`. */
  readonly server: string;
}

const cache = { entries: 10_000, ttlMs: 30_000 };

/** The cluster's DNS server as one handler: its zone, the reverse of it, and everything else through the upstream servers. */
export function newDnsHandler(deps: DnsDeps, config: DnsConfig): DnsHandler {
  const { now, exchange } = deps;
  const metrics = newDnsMetrics(deps.metrics);
  const directory = newDirectory(deps);
  const zone = { domain: config.domain, ttlSeconds: config.ttlSeconds, now };
  const upstream = forward({
    servers: config.upstreams,
    exchange,
    now,
    requests: metrics.forwardRequests,
    duration: metrics.forwardDuration,
  });
  const elsewhere = withCache(upstream, { ...cache, now, hits: metrics.cacheHits, misses: metrics.cacheMisses });
  const handlers = [
    clusterZone(directory, zone),
    reverseZone(directory, zone),
    ...(config.upstreams.length > 0 ? [elsewhere] : []),
  ];
  const zoneOf = (name: string): string =>
    name === config.domain || name.endsWith(`.${config.domain}`) ? `${config.domain}.` : '.';
  return withMetrics(withShuffledAddresses(chain(...handlers)), metrics, { server: config.server, zone: zoneOf, now });
}
