import { nominal, traversal } from '../cost/rules';
import { ArrayList, EntryMap } from '../values/collections';
import { Failure, type OpaqueValue, type Value } from '../values/value';
import { type Library, overload } from './declare';

/** The parts of a URL, as they are written: nothing is made lower case or resolved. */
export class UrlValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName = 'kubernetes.URL';
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(parts: {
    readonly scheme: string;
    readonly host: string;
    readonly path: string;
    readonly query: string;
  }) {
    this.scheme = parts.scheme;
    this.host = parts.host;
    this.path = parts.path;
    this.query = parts.query;
  }

  equals(other: Value): boolean {
    if (!(other instanceof UrlValue)) return false;
    const keys = ['scheme', 'host', 'path', 'query'] as const;
    return keys.every((key) => other[key] === this[key]);
  }

  /** Host and port; IPv6 addresses without brackets. */
  get address(): { readonly hostname: string; readonly port: string } {
    const [, v6, name = '', port = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(this.host) ?? [];
    return { hostname: v6 ?? name, port };
  }
}

const badEscape = /%(?![0-9a-fA-F]{2})/;
const notAUrl = 'URL parse error during conversion from string';

/** The host without who is there; undefined when it is none. */
function hostOf(authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return /^(\[[0-9a-fA-F:.%]*\]|[^[\]:\s<>"%{}|\\^`]*)(:\d*)?$/.test(host) ? host : undefined;
}

// eslint-disable-next-line no-control-regex -- control characters are what no URL may have
const control = /[\x00-\x1f\x7f]/;

/** Everything before the query: scheme, authority and path; `//` begins an authority only after a scheme. */
const shape = /^(?:(?<scheme>[a-zA-Z][\w+.-]*):(?:\/\/(?<authority>[^/]*))?)?(?<path>\/.*|)$/s;

/** `mailto:someone`: a scheme and something that only it understands. */
const opaqueUrl = /^(?<scheme>[a-zA-Z][\w+.-]*):(?!\/)/;

interface Parts {
  readonly scheme: string;
  readonly authority: string | undefined;
  readonly path: string;
}

/** The parts; undefined for relative paths, which requests cannot have. */
function partsOf(before: string): Parts | undefined {
  const [, opaque] = opaqueUrl.exec(before) ?? [];
  if (opaque !== undefined) return { scheme: opaque, authority: undefined, path: '' };
  const { scheme = '', authority, path = '' } = shape.exec(before)?.groups ?? {};
  return path === '' && authority === undefined ? undefined : { scheme, authority, path };
}

/** What is wrong with a text that is no URL, in Go's words; undefined when nothing is. */
function problemOf(text: string, parts: Parts | undefined): string | undefined {
  if (control.test(text)) return 'net/url: invalid control character in URL';
  if (text === '') return 'empty url';
  if (!parts) return 'invalid URI for request';
  if (hostOf(parts.authority ?? '') === undefined) return 'invalid character in host name';
  const at = parts.path.search(badEscape);
  return at < 0 ? undefined : `invalid URL escape "${parts.path.slice(at, at + 3)}"`;
}

/** Reads an absolute URL or an absolute path, as requests may have them. */
export function readUrl(text: string): UrlValue | Failure {
  const [before = '', ...query] = text.split('?');
  const parts = partsOf(before);
  const problem = problemOf(text, parts);
  if (!parts || problem !== undefined) {
    return new Failure(`${notAUrl}: parse ${JSON.stringify(text)}: ${problem ?? ''}`);
  }
  const { scheme, authority = '', path } = parts;
  return new UrlValue({ scheme: scheme.toLowerCase(), host: hostOf(authority) ?? '', path, query: query.join('?') });
}

/** A path with what may not stand in one escaped; what is escaped already stays. */
const escapedPath = (path: string): string =>
  path.toWellFormed().replaceAll(/[^\w\-.~$&+,/:;=@!'()*%[\]]/gu, (character) => encodeURIComponent(character));

const unescaped = (text: string): string | undefined =>
  badEscape.test(text)
    ? undefined
    : new TextDecoder().decode(
        Uint8Array.from(
          Buffer.from(
            text
              .replaceAll('+', ' ')
              .replaceAll(/%([0-9a-fA-F]{2})|[^%]+/g, (part, hex?: string) => hex ?? Buffer.from(part).toString('hex')),
            'hex',
          ),
        ),
      );

/** The parameters of a query: all values of each name, in order; parameters that cannot be read are left out. */
function queryOf({ query }: UrlValue): Value {
  const found = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const at = pair.indexOf('=');
    const key = unescaped(at < 0 ? pair : pair.slice(0, at));
    const value = unescaped(at < 0 ? '' : pair.slice(at + 1));
    if (key === undefined || value === undefined) continue;
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  const map = new EntryMap();
  for (const [key, values] of found) map.insert(key, new ArrayList(values));
  return map;
}

export const urls: Library = {
  url: [overload('(string) -> kubernetes.URL', readUrl, traversal(1, 'same'))],
  isURL: [overload('(string) -> bool', (text: string) => readUrl(text) instanceof UrlValue, nominal)],
  getScheme: [overload('kubernetes.URL.() -> string', (url: UrlValue) => url.scheme)],
  getHost: [overload('kubernetes.URL.() -> string', (url: UrlValue) => url.host)],
  getHostname: [overload('kubernetes.URL.() -> string', (url: UrlValue) => url.address.hostname)],
  getPort: [overload('kubernetes.URL.() -> string', (url: UrlValue) => url.address.port)],
  getEscapedPath: [overload('kubernetes.URL.() -> string', (url: UrlValue) => escapedPath(url.path))],
  getQuery: [overload('kubernetes.URL.() -> map(string, list(string))', queryOf)],
};
