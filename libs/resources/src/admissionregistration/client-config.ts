import { dns1123Subdomain, portNumber } from '@kubephant/api';
import type { ServiceReference, WebhookClientConfig } from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { optional, present, when } from '../validation/checks';
import type { Path } from '../validation/path';

const form = '; desired format: https://host[/path]';

interface UrlParts {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly query: string;
  readonly fragment: string;
}

/** The parts of a URL as it is written: WHATWG's parser would complete and correct it first. */
function urlParts(text: string): UrlParts {
  const [beforeFragment = '', fragment = ''] = text.split(/#(.*)/s);
  const [beforeQuery = '', query = ''] = beforeFragment.split(/\?(.*)/s);
  const [, scheme = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(beforeQuery) ?? [];
  const rest = scheme ? beforeQuery.slice(scheme.length + 1) : beforeQuery;
  const authority = rest.startsWith('//') ? (rest.slice(2).split('/', 1)[0] ?? '') : '';
  const at = authority.lastIndexOf('@');
  return {
    scheme: scheme.toLowerCase(),
    user: at < 0 ? undefined : authority.slice(0, at),
    host: authority.slice(at + 1),
    query,
    fragment,
  };
}

/** What Go's parser refuses outright. */
function syntaxReproach(url: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(url)) return 'net/url: invalid control character in URL';
  if (url.startsWith(':')) return 'missing protocol scheme';
  const { scheme, host } = urlParts(url);
  if (!scheme && /^[^/?#]*:/.test(url)) return 'first path segment in URL cannot contain colon';
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/su.exec(url.split('?', 1)[0] ?? '');
  if (escape) return `invalid URL escape ${JSON.stringify(escape[0])}`;
  const bad = /[ "<>^`{|}\\]/.exec(host);
  if (bad) return `invalid character ${JSON.stringify(bad[0])} in host name`;
  const [, port = ''] = /(:[^:\]]*)$/.exec(host) ?? [];
  return /^(:\d*)?$/.test(port) ? undefined : `invalid port ${JSON.stringify(port)} after host`;
}

function validateURL(url: string, path: Path): Causes {
  const syntax = syntaxReproach(url);
  if (syntax !== undefined) {
    return [required(path, `url must be a valid URL: parse ${JSON.stringify(url)}: ${syntax}${form}`)];
  }
  const { scheme, host, user, fragment, query } = urlParts(url);
  return [
    ...when(scheme !== 'https', () => invalidValue(path, scheme, `'https' is the only allowed URL scheme${form}`)),
    ...when(host === '', () => invalidValue(path, host, `host must be specified${form}`)),
    ...when(user !== undefined, () => invalidValue(path, user, 'user information is not permitted in the URL')),
    ...when(fragment !== '', () => invalidValue(path, fragment, 'fragments are not permitted in the URL')),
    ...when(query !== '', () => invalidValue(path, query, 'query parameters are not permitted in the URL')),
  ];
}

function segmentReproaches(segment: string, index: number): readonly string[] {
  if (segment === '') return [`segment[${index}] may not be empty`];
  return dns1123Subdomain(segment).map((detail) => `segment[${index}]: ${detail}`);
}

function validatePath(text: string, path: Path): Causes {
  if (text === '' || text === '/') return none;
  const told = (detail: string): Causes[number] => invalidValue(path, text, detail);
  if (text === '//') return [told('segment[0] may not be empty')];
  // Cut by bytes, as upstream does: half of a letter is none.
  const segments = Buffer.from(text).subarray(1).toString().replace(/\/$/, '').split('/');
  return [
    ...when(!text.startsWith('/'), () => told("must start with a '/'")),
    ...segments.flatMap(segmentReproaches).map(told),
  ];
}

/** Upstream takes name and namespace for each other here, and clients see it. */
const validateService = ({ name, namespace, port, path: urlPath }: ServiceReference, path: Path): Causes => [
  ...present(namespace, path.child('name')),
  ...present(name, path.child('namespace')),
  ...portNumber(port ?? 443).map((detail) => invalidValue(path.child('port'), port, `port is not valid: ${detail}`)),
  ...optional(urlPath, path.child('path'), validatePath),
];

/** Where a webhook listens: at a URL or behind a service. */
export function validateClientConfig({ url, service }: WebhookClientConfig, path: Path): Causes {
  if ((url === undefined) === (service === undefined)) {
    return [required(path, 'exactly one of url or service is required')];
  }
  return [
    ...optional(url, path.child('url'), validateURL),
    ...optional(service, path.child('service'), validateService),
  ];
}
