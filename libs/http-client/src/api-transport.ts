import { systemClock, type Clock } from '@kubephant/base';
import { withRestClientMetrics, withRetries, type RestClientMetrics, type Transport } from '@kubephant/client';
import { newHttpTransport, type HttpTransportOptions } from './https-transport';
import type { ServerConfig } from './server-config';

export interface ApiTransportDeps {
  readonly clock?: Clock;
  readonly metrics?: RestClientMetrics;
}

/** What a component talks to its API server through: connections, metrics, and retries where the server asks for them. */
export interface ApiTransport extends Transport {
  /** Ends every connection; exchanges under way fail. */
  close(): void;
}

export function newApiTransport(
  config: ServerConfig,
  { clock = systemClock, metrics }: ApiTransportDeps = {},
  options: HttpTransportOptions = {},
): ApiTransport {
  const http = newHttpTransport(config, options);
  const measured = metrics ? withRestClientMetrics(http, metrics, http.host, clock) : http;
  const retrying = withRetries(measured, {
    clock,
    onRetry: ({ method }, status) => metrics?.retries.inc({ code: String(status), verb: method, host: http.host }),
  });
  return { send: (request) => retrying.send(request), close: () => http.close() };
}
