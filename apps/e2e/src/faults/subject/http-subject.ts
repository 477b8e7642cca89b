import { StatusError } from '@kubephant/api';
import { failureOf, type TransportResponse } from '@kubephant/client';
import { newHttpTransport, type HttpTransport, type ServerConfig } from '@kubephant/http-client';
import type {
  Item,
  ListRequest,
  Page,
  Revision,
  State,
  Subject,
  SubjectEvent,
  WatchRequest,
} from '@kubephant/store-exam';
import {
  configMapOf,
  eventOf,
  itemOf,
  labelKey,
  pageOf,
  type ConfigMap,
  type ConfigMapList,
  type WireEvent,
} from './config-map';
import { linesOf, textOf } from './answer';

/** Longer than a caller waits: this only frees the connection. */
const callMs = 20_000;
/** A server sends the last bookmark two seconds before a watch ends: without an end there would be none for a minute. */
const watchSeconds = 3;
/** Requests that failed like this have never been sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH']);

/** One API server, examined by the ConfigMaps of one namespace over HTTPS. Nothing is retried or cached. */
export class HttpSubject implements Subject {
  readonly name: string;
  readonly #path: string;
  readonly #transport: HttpTransport;

  constructor(name: string, server: ServerConfig, namespace: string) {
    this.name = name;
    this.#path = `/api/v1/namespaces/${namespace}/configmaps`;
    this.#transport = newHttpTransport(server, { idleMs: 4000, probeTimeoutMs: 4000 });
  }

  close(): void {
    this.#transport.close();
  }

  async create(key: string, state: State): Promise<Item> {
    return itemOf(await this.#json<ConfigMap>('POST', '', configMapOf(key, state)));
  }

  async update(key: string, state: State, expected?: Revision): Promise<Item> {
    return itemOf(await this.#json<ConfigMap>('PUT', `/${key}`, configMapOf(key, state, expected)));
  }

  /** The API answers with a Status, which does not say the revision of a deletion. */
  async delete(key: string, expected?: Revision): Promise<undefined> {
    const preconditions = expected === undefined ? {} : { preconditions: { resourceVersion: String(expected) } };
    await this.#json('DELETE', `/${key}`, { apiVersion: 'v1', kind: 'DeleteOptions', ...preconditions });
  }

  async get(key: string): Promise<Item> {
    return itemOf(await this.#json<ConfigMap>('GET', `/${key}`));
  }

  async list({ limit, continue: token, selector }: ListRequest): Promise<Page> {
    const query = queryOf({ limit, continue: token, labelSelector: labelSelector(selector) });
    return pageOf(await this.#json<ConfigMapList>('GET', query));
  }

  async *watch(request: WatchRequest, signal: AbortSignal): AsyncGenerator<SubjectEvent> {
    const { after, selector, bookmarks, initialEvents } = request;
    const query = queryOf({
      watch: true,
      resourceVersion: after,
      labelSelector: labelSelector(selector),
      allowWatchBookmarks: bookmarks,
      timeoutSeconds: watchSeconds,
      ...(initialEvents && { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }),
    });
    try {
      const response = await this.#send('GET', query, undefined, signal);
      for await (const line of linesOf(response.body)) yield eventOf(JSON.parse(line) as WireEvent);
    } catch (err) {
      if (!signal.aborted) throw err;
    }
  }

  async #json<T>(method: string, below: string, body?: object): Promise<T> {
    const response = await this.#send(method, below, body, AbortSignal.timeout(callMs));
    return JSON.parse(await textOf(response.body)) as T;
  }

  async #send(
    method: string,
    below: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<TransportResponse> {
    const [path = '', query = ''] = `${this.#path}${below}`.split('?');
    const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
    const sent = this.#transport.send({
      method,
      path,
      ...(query !== '' && { query: new URLSearchParams(query) }),
      headers,
      ...(body && { body: JSON.stringify(body) }),
      signal,
    });
    const response = await sent.catch((err: unknown) => {
      throw unsent(err);
    });
    if (response.status >= 400) throw await failureOf(response);
    return response;
  }
}

/** What provably never reached the server is not of unknown outcome. */
function unsent(err: unknown): unknown {
  const { code, message } = err as NodeJS.ErrnoException;
  return neverSent.has(code ?? '') ? new StatusError('ServiceUnavailable', message) : err;
}

const labelSelector = (label: string | undefined): string | undefined => label && `${labelKey}=${label}`;

/** `?a=b&…` of what is given. */
function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}
