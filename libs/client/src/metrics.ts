import type { Clock, Counter, Histogram, Metrics } from '@kubephant/base';
import type { Transport, TransportRequest } from './transport';

/** The rest_client_* metrics of one process. Build them once and share them between its transports. */
export interface RestClientMetrics {
  readonly requests: Counter<'code' | 'method' | 'host'>;
  readonly retries: Counter<'code' | 'verb' | 'host'>;
  readonly duration: Histogram<'verb' | 'host'>;
}

const durationBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

export function newRestClientMetrics(metrics: Metrics): RestClientMetrics {
  return {
    requests: metrics.counter(
      'rest_client_requests_total',
      'Number of HTTP requests, partitioned by status code, method, and host.',
      ['code', 'method', 'host'],
    ),
    retries: metrics.counter(
      'rest_client_request_retries_total',
      'Number of request retries, partitioned by status code, verb, and host.',
      ['code', 'verb', 'host'],
    ),
    duration: metrics.histogram(
      'rest_client_request_duration_seconds',
      'Request latency in seconds. Broken down by verb, and host.',
      durationBuckets,
      ['verb', 'host'],
    ),
  };
}

/** Counts and times every exchange up to the answer's headers. `host` is the server's `host:port`. */
export function withRestClientMetrics(
  transport: Transport,
  { requests, duration }: RestClientMetrics,
  host: string,
  clock: Pick<Clock, 'now'>,
): Transport {
  return {
    async send(request: TransportRequest) {
      const { method } = request;
      const startedMs = clock.now();
      const observe = (code: string): void => {
        requests.inc({ code, method, host });
        duration.observe({ verb: method, host }, (clock.now() - startedMs) / 1000);
      };
      try {
        const response = await transport.send(request);
        observe(String(response.status));
        return response;
      } catch (err) {
        // What upstream's client writes when there was no answer at all.
        observe('<error>');
        throw err;
      }
    },
  };
}
