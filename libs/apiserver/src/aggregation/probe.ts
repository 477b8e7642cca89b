import type { Backend, BackendResponse, Dialer } from '@kubephant/serving';
import { failedDiscovery, passed, type Availability } from './availability';
import { endpointsOf, type Endpoint, type ServiceState } from './endpoints';
import { aggregator, identityFields } from './front-proxy';
import { pathOf, type RemoteService } from './remote-service';
import { resourcesIn } from './remote-discovery';
import { findDocument } from './remote-openapi';

/** What a look at another server brought. */
export interface Finding {
  readonly availability: Availability;
  /** What it serves, where it said so. */
  readonly resources?: readonly object[];
  /** Where it describes them in OpenAPI 3. */
  readonly openApiUrl?: string;
}

const attempts = 5;
const timeoutMs = 5000;
/** A longer discovery document is none. */
const maxBytes = 8 * 1024 * 1024;

/** Asks for the document that every API server has to serve: of up to five endpoints one has to answer. */
export async function probe(
  remote: RemoteService,
  state: ServiceState,
  dialer: Dialer,
  signal: AbortSignal,
): Promise<Finding> {
  let why = `no endpoints available for service ${JSON.stringify(remote.service.name)}`;
  for (const endpoint of shuffled(endpointsOf(state, remote.service.port)).slice(0, attempts)) {
    const url = urlOf(endpoint, pathOf(remote));
    try {
      const read = (path: string): Promise<string> => getText({ ...endpoint, tls: remote.tls }, path, dialer, signal);
      const resources = resourcesIn(await read(pathOf(remote)));
      const openApiUrl = await findDocument(remote, read);
      return { availability: passed, resources, ...(openApiUrl !== undefined && { openApiUrl }) };
    } catch (err) {
      const reason =
        err instanceof BadStatus ? `bad status from ${url}: ${err.status}` : `Get "${url}": ${textOf(err)}`;
      why = `failing or missing response from ${url}: ${reason}`;
    }
    if (signal.aborted) break;
  }
  return { availability: failedDiscovery(why) };
}

const urlOf = ({ host, port }: Endpoint, path: string): string =>
  `https://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;

const textOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

class BadStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`bad status: ${status}`);
    this.status = status;
  }
}

/** What another server answers to the aggregation itself. Throws for any status but 200 to 299. */
export async function getText(backend: Backend, path: string, dialer: Dialer, signal: AbortSignal): Promise<string> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const headers = { accept: 'application/json', ...identityFields(aggregator) };
  const response = await dialer.request(backend, { method: 'GET', path, headers }, patience);
  const text = await read(response);
  if (response.status < 200 || response.status > 299) throw new BadStatus(response.status);
  return text;
}

async function read({ body }: BackendResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
