import {
  apiVersionOf,
  keyOf,
  type Draft,
  type KubeObject,
  type ObjectKey,
  type ObjectList,
  type WatchEvent,
} from '@kubephant/api';
import { readText } from './body';
import type {
  Client,
  DeleteOptions,
  ListOptions,
  Patch,
  ResourceClient,
  ResourceRef,
  WatchOptions,
  WriteOptions,
} from './client';
import { failureOf } from './failure';
import { collectionPath, objectPath, queryOf } from './path';
import type { Transport, TransportRequest, TransportResponse } from './transport';
import { decodeWatch } from './watch-events';

export interface ClientConfig {
  /** `component/version`, as upstream's components say it; what audit logs and managedFields show. */
  readonly userAgent: string;
}

const json = 'application/json';

/** What reads accept. */
interface Forms {
  readonly one: string;
  readonly list: string;
}

const whole: Forms = { one: json, list: json };

/** Plain JSON is named too, so that a server without this transformation still answers. */
const partial = (kind: string): string => `${json};as=${kind};g=meta.k8s.io;v=v1,${json}`;
const metadataOnly: Forms = { one: partial('PartialObjectMetadata'), list: partial('PartialObjectMetadataList') };

const patchTypes: Readonly<Record<Patch['type'], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML.
  apply: 'application/apply-patch+yaml',
};

/** A Client that speaks JSON over `transport`. It has no rate limit of its own: priority and fairness is the server's. */
export function newClient(transport: Transport, { userAgent }: ClientConfig): Client {
  const call = newCall(transport, userAgent);
  return {
    resource: (ref) => new RestResource(ref, call, whole),
    metadata: (ref) => new RestResource(ref, call, metadataOnly),
    raw: async (path, signal) => parsed(await call({ method: 'GET', path, signal })),
    review: async (path, body, signal) =>
      (await parsed(await call({ method: 'POST', path, signal, body: JSON.stringify(body) }))) as never,
  };
}

type Call = (request: TransportRequest) => Promise<TransportResponse>;

/** Sends with the headers every call has; an answer of 400 and above rejects as StatusError. */
function newCall(transport: Transport, userAgent: string): Call {
  return async (request) => {
    const headers = {
      accept: json,
      'user-agent': userAgent,
      ...(request.body !== undefined && { 'content-type': json }),
      ...request.headers,
    };
    const response = await transport.send({ ...request, headers });
    if (response.status >= 400) throw await failureOf(response);
    return response;
  };
}

async function parsed(response: TransportResponse): Promise<unknown> {
  return JSON.parse(await readText(response.body));
}

interface WireList<T> {
  readonly metadata: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly T[] | null;
}

class RestResource<T extends KubeObject> implements ResourceClient<T> {
  readonly #ref: ResourceRef<T>;
  readonly #call: Call;
  readonly #forms: Forms;

  constructor(ref: ResourceRef<T>, call: Call, forms: Forms) {
    this.#ref = ref;
    this.#call = call;
    this.#forms = forms;
  }

  get(key: ObjectKey, signal: AbortSignal, options: { readonly resourceVersion?: string } = {}): Promise<T> {
    return this.#read('GET', objectPath(this.#ref, key), { query: queryOf({ ...options }), signal });
  }

  async list({ namespace, ...options }: ListOptions, signal: AbortSignal): Promise<ObjectList<T>> {
    const response = await this.#send('GET', collectionPath(this.#ref, namespace), {
      accept: this.#forms.list,
      query: queryOf(options),
      signal,
    });
    const { metadata, items } = (await parsed(response)) as WireList<T>;
    return {
      resourceVersion: metadata.resourceVersion ?? '',
      items: (items ?? []).map((item) => this.#typed(item)),
      ...(metadata.continue && { continue: metadata.continue }),
      ...(metadata.remainingItemCount !== undefined && { remainingItemCount: metadata.remainingItemCount }),
    };
  }

  async *watch(
    { namespace, sendInitialEvents, ...options }: WatchOptions,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>> {
    const initial = sendInitialEvents === undefined ? {} : { sendInitialEvents, resourceVersionMatch: 'NotOlderThan' };
    try {
      const query = queryOf({ ...options, ...initial, watch: true });
      const response = await this.#send('GET', collectionPath(this.#ref, namespace), {
        accept: this.#forms.one,
        query,
        signal,
      });
      for await (const event of decodeWatch<T>(response.body)) {
        yield event.type === 'BOOKMARK' ? event : { type: event.type, object: this.#typed(event.object) };
      }
    } catch (err) {
      if (!signal.aborted) throw err;
    }
  }

  create(obj: Draft<T>, signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    const { namespace, name = '' } = obj.metadata;
    const path = options.subresource
      ? objectPath(this.#ref, { namespace, name }, options.subresource)
      : collectionPath(this.#ref, namespace);
    return this.#read('POST', path, { body: this.#encode(obj), query: writeQuery(options), signal });
  }

  update(obj: T, signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    const path = objectPath(this.#ref, keyOf(obj), options.subresource);
    return this.#read('PUT', path, { body: this.#encode(obj), query: writeQuery(options), signal });
  }

  patch(key: ObjectKey, patch: Patch, signal: AbortSignal, options: WriteOptions = {}): Promise<T> {
    return this.#read('PATCH', objectPath(this.#ref, key, options.subresource), {
      body: JSON.stringify(patch.body),
      contentType: patchTypes[patch.type],
      query: patchQuery(patch, options),
      signal,
    });
  }

  delete(key: ObjectKey, signal: AbortSignal, options: DeleteOptions = {}): Promise<void> {
    return this.#delete(objectPath(this.#ref, key), { ...encodeDelete(options), signal });
  }

  deleteCollection(selection: ListOptions, signal: AbortSignal, options: DeleteOptions = {}): Promise<void> {
    const { namespace, ...rest } = selection;
    return this.#delete(collectionPath(this.#ref, namespace), {
      ...encodeDelete(options),
      query: queryOf(rest),
      signal,
    });
  }

  async post<R extends object>(key: ObjectKey, subresource: string, body: object, signal: AbortSignal): Promise<R> {
    const path = objectPath(this.#ref, key, subresource);
    return (await parsed(await this.#send('POST', path, { body: JSON.stringify(body), signal }))) as R;
  }

  async #read(method: string, path: string, exchange: Exchange): Promise<T> {
    return this.#typed((await parsed(await this.#send(method, path, { accept: this.#forms.one, ...exchange }))) as T);
  }

  async #delete(path: string, exchange: Exchange): Promise<void> {
    await readText((await this.#send('DELETE', path, exchange)).body);
  }

  #send(
    method: string,
    path: string,
    { accept, body, contentType, query, signal }: Exchange,
  ): Promise<TransportResponse> {
    const headers = { ...(accept && { accept }), ...(contentType && { 'content-type': contentType }) };
    return this.#call({ method, path, headers, signal, ...(query && { query }), ...(body !== undefined && { body }) });
  }

  /** Items of a list come without their type from upstream's servers, and partial ones with that of the partial form. */
  #typed(obj: T): T {
    const { group, version, kind } = this.#ref;
    if (obj.kind === kind) return obj;
    return { ...obj, apiVersion: apiVersionOf(group, version), kind };
  }

  #encode(obj: Draft<T> | T): string {
    const { group, version, kind } = this.#ref;
    return JSON.stringify({ ...obj, apiVersion: apiVersionOf(group, version), kind });
  }
}

interface Exchange {
  readonly signal: AbortSignal;
  readonly accept?: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly query?: URLSearchParams | undefined;
}

function encodeDelete(options: DeleteOptions): { readonly body?: string } {
  if (Object.keys(options).length === 0) return {};
  return { body: JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', ...options }) };
}

function writeQuery({ dryRun, fieldManager }: WriteOptions): URLSearchParams | undefined {
  return queryOf({ dryRun: dryRun ? 'All' : undefined, fieldManager });
}

function patchQuery(patch: Patch, options: WriteOptions): URLSearchParams | undefined {
  if (patch.type !== 'apply') return writeQuery(options);
  const { fieldManager, force } = patch;
  return queryOf({ dryRun: options.dryRun ? 'All' : undefined, fieldManager, force });
}

/** Follows `continue` to the end of a list. */
export async function* listPages<T extends KubeObject>(
  resource: ResourceClient<T>,
  options: ListOptions & { readonly limit: number },
  signal: AbortSignal,
): AsyncGenerator<ObjectList<T>> {
  let page = await resource.list(options, signal);
  yield page;
  while (page.continue) {
    const { resourceVersion: _, resourceVersionMatch: __, ...rest } = options;
    page = await resource.list({ ...rest, continue: page.continue }, signal);
    yield page;
  }
}
