import { createHash } from 'node:crypto';
import { toVersion3, type APIService, type OtherDocument } from '@kubephant/schema';
import type { Dialer } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import type { View } from '../views/view';
import { getText } from './probe';
import { backendOf } from './proxy';
import { apiServiceOfPath, isAvailable, remoteOf, type RemoteService } from './remote-service';

/** Documents of OpenAPI that other servers have. */
export interface RemoteOpenApi {
  /** Hashes by path: `apis/example.com/v1`. The same map until something changes. */
  hashes(): ReadonlyMap<string, string>;
  /** A document and its hash; undefined where there is none or its server does not answer. */
  document(path: string): Promise<{ readonly bytes: Buffer; readonly hash: string } | undefined>;
  /** Their documents of version 2; the same list until something changes. */
  version2(): Promise<readonly OtherDocument[]>;
}

const root = '/openapi/v3';
const second = '/openapi/v2';

type Read = (path: string) => Promise<string>;

/** Where a server has the document of a group version: as its index says, or within that of version 2. undefined: none. */
export async function findDocument(remote: RemoteService, read: Read): Promise<string | undefined> {
  // Not every server has OpenAPI, and that is no reason to send it no requests.
  return (await orNothing(() => findThird(remote, read))) ?? (await orNothing(() => findSecond(remote, read)));
}

async function orNothing<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch {
    return undefined;
  }
}

async function findThird({ group, version }: RemoteService, read: Read): Promise<string | undefined> {
  const { paths } = JSON.parse(await read(root)) as {
    readonly paths?: Readonly<Record<string, { readonly serverRelativeURL?: unknown } | undefined>>;
  };
  const url = paths?.[`apis/${group}/${version}`]?.serverRelativeURL;
  return typeof url === 'string' && url.startsWith(`${root}/`) ? url : undefined;
}

/** The URL says which it was, so that another one is read anew. */
async function findSecond({ group, version }: RemoteService, read: Read): Promise<string | undefined> {
  const text = await read(second);
  const { paths } = JSON.parse(text) as { readonly paths?: Readonly<Record<string, unknown>> };
  const prefix = `/apis/${group}/${version}/`;
  if (!Object.keys(paths ?? {}).some((path) => path.startsWith(prefix))) return undefined;
  return `${second}?hash=${digest(text)}`;
}

export interface RemoteOpenApiDependencies {
  readonly apiServices: View<APIService>;
  readonly store: Pick<Store, 'get' | 'list'>;
  readonly dialer: Dialer;
}

/** Knows documents by where they are, and reads each once. */
export class RemoteDocuments implements RemoteOpenApi {
  readonly #deps: RemoteOpenApiDependencies;
  /** By name of the APIService. */
  readonly #urls = new Map<string, string>();
  readonly #texts = new Map<string, { readonly url: string; readonly bytes: Promise<Buffer> }>();
  #hashes: ReadonlyMap<string, string> = new Map();
  #second: Promise<readonly OtherDocument[]> | undefined;

  constructor(deps: RemoteOpenApiDependencies) {
    this.#deps = deps;
  }

  /** Tells where the documents are now. */
  update(urls: ReadonlyMap<string, string>): void {
    if (JSON.stringify([...urls]) === JSON.stringify([...this.#urls])) return;
    this.#second = undefined;
    this.#urls.clear();
    for (const [name, url] of urls) this.#urls.set(name, url);
    this.#hashes = new Map([...urls].map(([name, url]) => [pathOfName(name), hashOf(url)]));
  }

  hashes(): ReadonlyMap<string, string> {
    return this.#hashes;
  }

  async document(path: string): ReturnType<RemoteOpenApi['document']> {
    const name = apiServiceOfPath(`/${path}`);
    const url = name === undefined ? undefined : this.#urls.get(name);
    const hash = this.#hashes.get(path);
    if (name === undefined || url === undefined || hash === undefined) return undefined;
    try {
      return { bytes: await this.#read(name, url), hash };
    } catch {
      // It is asked again with the next request: the server may be back by then.
      this.#texts.delete(name);
      return undefined;
    }
  }

  version2(): Promise<readonly OtherDocument[]> {
    return (this.#second ??= this.#readSecond());
  }

  /** Those that can be had: who has none, or does not answer, is not described. */
  async #readSecond(): Promise<readonly OtherDocument[]> {
    const read = async (name: string): Promise<readonly OtherDocument[]> => {
      try {
        return [otherDocument(name, await this.#fetch(name, second))];
      } catch {
        return [];
      }
    };
    return (await Promise.all([...this.#urls.keys()].map(read))).flat();
  }

  #read(name: string, url: string): Promise<Buffer> {
    const known = this.#texts.get(name);
    if (known?.url === url) return known.bytes;
    const bytes = this.#fetch(name, url).then((text) => (url.startsWith(second) ? inThird(name, text) : text));
    this.#texts.set(name, { url, bytes });
    return bytes;
  }

  async #fetch(name: string, url: string): Promise<Buffer> {
    const apiService = this.#deps.apiServices.get({ name });
    const remote = apiService && isAvailable(apiService) ? remoteOf(apiService) : undefined;
    const backend = remote && (await backendOf(remote, this.#deps.store));
    if (!backend) throw new Error('there is nobody to ask');
    return Buffer.from(await getText(backend, url, this.#deps.dialer, new AbortController().signal));
  }
}

/** `v1.example.com` is described in `apis/example.com/v1`. */
function pathOfName(name: string): string {
  const dot = name.indexOf('.');
  return `apis/${name.slice(dot + 1)}/${name.slice(0, dot)}`;
}

/** What a text of version 2 says of the group version of an APIService. Throws when it says nothing. */
function otherDocument(name: string, text: Buffer): OtherDocument {
  const document: unknown = JSON.parse(text.toString());
  if (typeof document !== 'object' || document === null) throw new TypeError('not a document');
  return { prefix: `/${pathOfName(name)}/`, document: document as OtherDocument['document'] };
}

const inThird = (name: string, text: Buffer): Buffer =>
  Buffer.from(JSON.stringify(toVersion3(otherDocument(name, text))));

/** A server that hashes its document says so in the URL. */
const hashOf = (url: string): string => new URL(url, 'https://here').searchParams.get('hash') ?? digest(url);

const digest = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();
