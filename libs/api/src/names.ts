/**
 * The rules that names, keys and values of the API follow, as pure functions. Each returns what is wrong with the
 * value, in upstream's words and order (apimachinery util/validation, api/validation); an empty list means valid.
 * The texts are the part of a field error after `Invalid value: "…": `. All rules run in time linear in the value.
 */
export type NameRule = (value: string) => readonly string[];

const byteLength = (value: string): number => Buffer.byteLength(value);

/** The reproach for a value that is too long. DNS rules count `characters`, newer rules `bytes`; both mean bytes. */
export const tooLong = (max: number, unit: 'characters' | 'bytes' = 'characters'): string =>
  `must be no more than ${max} ${unit}`;

/** The reproach for a number outside `low..high`. */
export const outOfRange = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;

export const empty = 'must be non-empty';

/** `… (e.g. 'a',  or 'b', regex used for validation is '…')`, with upstream's two spaces. */
function mismatch(message: string, source: string, ...examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${message} (${examples.length > 0 ? 'e.g. ' : ''}${shown}regex used for validation is '${source}')`;
}

const whole = (source: string): RegExp => new RegExp(`^${source}$`);

const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const subdomain1123 = `${label1123}(\\.${label1123})*`;
const underscored = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*';
const wildcard1123 = `\\*\\.${subdomain1123}`;
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const value = `(${qualified})?`;
const configKey = '[-._a-zA-Z0-9]+';
const cIdentifierSource = '[A-Za-z_][A-Za-z0-9_]*';
const headerSource = '[-A-Za-z0-9]+';
const percentSource = '[0-9]+%';

const isLabel1123 = whole(label1123);
const isLabel1035 = whole(label1035);
const isSubdomain1123 = whole(subdomain1123);
const isUnderscored = whole(underscored);
const isWildcard1123 = whole(wildcard1123);
const isQualified = whole(qualified);
const isLabelValue = whole(value);
const isConfigKey = whole(configKey);
const isCIdentifier = whole(cIdentifierSource);
const isHeader = whole(headerSource);
const isPercent = whole(percentSource);

const errors = (...found: readonly (string | false)[]): readonly string[] =>
  found.filter((message) => message !== false);

const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
  'and must start and end with an alphanumeric character';

/** Names of most objects: at most 253, lower case, dots allowed (RFC 1123). Declarative rules say `bytes`. */
export function dns1123Subdomain(name: string, unit: 'characters' | 'bytes' = 'characters'): readonly string[] {
  return errors(
    byteLength(name) > 253 && tooLong(253, unit),
    !isSubdomain1123.test(name) && mismatch(subdomainText, subdomain1123, 'example.com'),
  );
}

const underscoreText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', " +
  'and must start and end with an alphanumeric character';

/** A search domain of a resolver, which may have underscores. */
export function dns1123SubdomainWithUnderscore(name: string): readonly string[] {
  return errors(
    byteLength(name) > 253 && tooLong(253),
    !isUnderscored.test(name) && mismatch(underscoreText, underscored, 'example.com'),
  );
}

const label1123Text =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
  'and must start and end with an alphanumeric character';

/** One DNS label: at most 63, lower case, no dots (RFC 1123): namespaces, containers, volumes. */
export function dns1123Label(name: string): readonly string[] {
  const wrong = isLabel1123.test(name)
    ? false
    : isSubdomain1123.test(name)
      ? 'must not contain dots'
      : mismatch(label1123Text, label1123, 'my-name', '123-abc');
  return errors(byteLength(name) > 63 && tooLong(63), wrong);
}

const label1035Text =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
  'and end with an alphanumeric character';

/** One DNS label that begins with a letter (RFC 1035). */
export function dns1035Label(name: string): readonly string[] {
  return errors(
    byteLength(name) > 63 && tooLong(63),
    !isLabel1035.test(name) && mismatch(label1035Text, label1035, 'my-name', 'abc-123'),
  );
}

const wildcardText =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of " +
  "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";

/** `*.example.com`. */
export function wildcardDns1123Subdomain(name: string): readonly string[] {
  return errors(
    byteLength(name) > 253 && tooLong(253),
    !isWildcard1123.test(name) && mismatch(wildcardText, wildcard1123, '*.example.com'),
  );
}

const alphanumerics =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const nameExamples = ['MyName', 'my.name', '123-abc'];

const nonEmptyPart = (part: string, text: string): readonly string[] => (text === '' ? [`${part} part ${empty}`] : []);

/** `name` or `prefix/name`: label keys, finalizers, resource names. */
export function qualifiedName(key: string): readonly string[] {
  const parts = key.split('/', 3);
  if (parts.length > 2) {
    const text = mismatch(`a valid label key ${alphanumerics}`, qualified, ...nameExamples);
    return [`${text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const wrongPrefix =
    prefix === undefined
      ? []
      : prefix === ''
        ? nonEmptyPart('prefix', prefix)
        : dns1123Subdomain(prefix, 'bytes').map((message) => `prefix part ${message}`);
  const wrongName = errors(
    byteLength(name) > 63 && `name part ${tooLong(63, 'bytes')}`,
    !isQualified.test(name) && `name part ${mismatch(alphanumerics, qualified, ...nameExamples)}`,
  );
  return [...wrongPrefix, ...nonEmptyPart('name', name), ...wrongName];
}

const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
  'and must start and end with an alphanumeric character';

/** The value of a label: empty, or at most 63 bytes. */
export function labelValue(text: string): readonly string[] {
  return errors(
    byteLength(text) > 63 && tooLong(63, 'bytes'),
    !isLabelValue.test(text) && mismatch(labelValueText, value, 'MyValue', 'my_value', '12345'),
  );
}

const segmentBans = ['/', '%'] as const;

/** A name that is safe as one segment of a path: RBAC names and the fallback of custom name rules. */
export function pathSegment(name: string): readonly string[] {
  return name === '.' || name === '..' ? [`may not be '${name}'`] : pathSegmentPrefix(name);
}

/** The beginning of such a name, as `generateName` gives it. */
export function pathSegmentPrefix(name: string): readonly string[] {
  return segmentBans.filter((ban) => name.includes(ban)).map((ban) => `may not contain '${ban}'`);
}

/** A `generateName` as the name rules want it: what follows a trailing dash is still to come. */
export function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

const configKeyText = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";

/** A key of a ConfigMap or a Secret. */
export function configMapKey(key: string): readonly string[] {
  const dots =
    key === '.' || key === '..' ? `must not be '${key}'` : key.startsWith('..') && "must not start with '..'";
  return errors(
    byteLength(key) > 253 && tooLong(253),
    !isConfigKey.test(key) && mismatch(configKeyText, configKey, 'key.name', 'KEY_NAME', 'key-name'),
    dots,
  );
}

/** The name of a container port or a named target port (IANA service name): at most 15, with a letter in it. */
export function portName(port: string): readonly string[] {
  return errors(
    byteLength(port) > 15 && tooLong(15),
    !/^[-a-z0-9]+$/.test(port) && 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    !/[a-z]/.test(port) && 'must contain at least one letter (a-z)',
    port.includes('--') && 'must not contain consecutive hyphens',
    (port.startsWith('-') || port.endsWith('-')) && 'must not begin or end with a hyphen',
  );
}

export function portNumber(port: number): readonly string[] {
  return errors(!(port >= 1 && port <= 65535) && outOfRange(1, 65535));
}

const cIdentifierText =
  "a valid C identifier must start with alphabetic character or '_', " +
  "followed by a string of alphanumeric characters or '_'";

export function cIdentifier(name: string): readonly string[] {
  return errors(
    !isCIdentifier.test(name) && mismatch(cIdentifierText, cIdentifierSource, 'my_name', 'MY_NAME', 'MyName'),
  );
}

/** The name of an environment variable: printable ASCII without `=`. */
export function envVarName(name: string): readonly string[] {
  return errors(
    name === '' && 'environment variable name must be non-empty',
    !/^[ -<>-~]*$/.test(name) &&
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
  );
}

export function httpHeaderName(name: string): readonly string[] {
  const text = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return errors(!isHeader.test(name) && mismatch(text, headerSource, 'X-Header-Name'));
}

/** `25%`. */
export function percent(text: string): readonly string[] {
  const message = "a valid percent string must be a numeric string followed by an ending '%'";
  return errors(!isPercent.test(text) && mismatch(message, percentSource, '1%', '93%'));
}

const domainPrefixed = 'must be a domain-prefixed path (such as "acme.io/foo")';

/** `acme.io/foo`: what is wrong, and with which part of it. Not for an empty text: that is a required value. */
export function domainPrefixedPath(path: string): readonly { readonly value: string; readonly message: string }[] {
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) return [{ value: path, message: domainPrefixed }];
  const host = path.slice(0, slash);
  const rest = path.slice(slash + 1);
  const hostErrors = dns1123Subdomain(host).map((message) => ({ value: host, message }));
  if (/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest)) return hostErrors;
  const message = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
  return [...hostErrors, { value: rest, message }];
}

/** A domain of at least so many labels: three for webhooks, two (`one dot`) for groups of CRDs. Not for an empty text. */
export function fullyQualifiedName(name: string, segments: 2 | 3 = 3): readonly string[] {
  const wrong = dns1123Subdomain(name);
  if (wrong.length > 0) return wrong;
  const wanted = segments === 3 ? 'three segments separated by dots' : 'one dot';
  return errors(name.split('.').length < segments && `should be a domain with at least ${wanted}`);
}

/** The most that keys and values of annotations may take together, in bytes. */
export const maxAnnotationBytes = 262_144;

/** Annotation keys are qualified names whatever their case; size is told as `Too long: …` by {@link annotationBytes}. */
export const annotationKey: NameRule = (key) => qualifiedName(key.toLowerCase());

/** Bytes of keys and values: more than {@link maxAnnotationBytes} is `Too long: may not be more than 262144 bytes`. */
export function annotationBytes(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce((sum, [key, text]) => sum + byteLength(key) + byteLength(text), 0);
}

/** The name of a field manager: printable characters; its length is told apart, as `Too long`, by the caller. */
export function fieldManagerName(name: string): readonly string[] {
  const characters = Array.from(name);
  const at = characters.findIndex((character) => !/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character));
  if (at < 0) return [];
  const character = characters[at] ?? '';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return [`invalid character ${code} (at position ${byteLength(characters.slice(0, at).join(''))})`];
}

/** The most bytes a field manager's name may have; more is `Too long: may not be more than 128 bytes`. */
export const maxFieldManagerBytes = 128;
