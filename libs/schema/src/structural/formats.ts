import { dns1123Label, dns1123Subdomain, parseIP } from '@kubephant/api';

type Check = (text: string) => boolean;

const matching =
  (form: RegExp): Check =>
  (text) =>
    form.test(text);

const uuidOf = (version: string): Check =>
  matching(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i'));

const label = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

/** Whether the last label may be a top-level domain: it has two letters at least, and no digit where it is short. */
function isHostname(text: string): boolean {
  if (text.length === 0 || text.length > 255) return false;
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  return labels.every(matching(label)) && (labels.length === 1 || /^[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9]$/.test(last));
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const dateTimeForm = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?$/;

function isDateTime(text: string): boolean {
  const [, date = '', hour = '', minute = '', second = '0'] = dateTimeForm.exec(text) ?? [];
  return isDate(date) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

const goDuration = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$|^[+-]?0$/;
/** Anywhere in a text: numbers with what may be a unit. */
const words = /\d+\s*([A-Za-zµ]+)/g;
/** Units as they are, or as the beginning of a longer word. */
const unit = /^(?:ns|nano.*|us|µs|micro.*|ms|milli.*|s|sec.*|m|min.*|h|hr|hour.*|d|day.*|w|wk|week.*)$/i;
const isDuration = (text: string): boolean =>
  goDuration.test(text) || [...text.matchAll(words)].some(([, word = '']) => unit.test(word));

function isUri(text: string): boolean {
  return /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:[^\s]+|\/[^\s]*)$/.test(text) && !/%(?![0-9a-fA-F]{2})/.test(text);
}

const luhn = (digits: string): boolean => {
  const doubled = Array.from(digits)
    .reverse()
    .map((digit, index) => Number(digit) * (index % 2 === 1 ? 2 : 1));
  return doubled.reduce((sum, part) => sum + (part > 9 ? part - 9 : part), 0) % 10 === 0;
};

const cards =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;

function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, '');
  return cards.test(digits) && luhn(digits);
}

const plain = (text: string): string => text.replace(/[\s-]+/g, '');
const weighted = (digits: string, weight: (index: number) => number): number =>
  Array.from(digits).reduce((sum, digit, index) => sum + (digit === 'X' ? 10 : Number(digit)) * weight(index), 0);

const isIsbn10 = (text: string): boolean =>
  /^\d{9}[\dX]$/.test(plain(text)) && weighted(plain(text), (index) => 10 - index) % 11 === 0;
const isIsbn13 = (text: string): boolean =>
  /^\d{13}$/.test(plain(text)) && weighted(plain(text), (index) => (index % 2 === 0 ? 1 : 3)) % 10 === 0;

/** Addresses with dots, so also those of IPv6 that end in one of IPv4. */
const isIPv4 = (text: string): boolean => text.includes('.') && parseIP(text) !== undefined;
const isIPv6 = (text: string): boolean => text.includes(':') && parseIP(text) !== undefined;

function isCidr(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/');
  if (more.length > 0 || !/^\d{1,3}$/.test(length)) return false;
  return isIPv6(address) ? Number(length) <= 128 : isIPv4(address) && Number(length) <= 32;
}

const isByte = (text: string): boolean => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);

const email = /^[^\s@<>(),;:\\"[\]]+@[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/;
const channel = String.raw`\s*(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\s*`;
const uuid = matching(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i);

/** Formats of texts that a schema may ask for; a text of another format is of any (upstream: supportedFormats). */
const formats: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['bsonobjectid', matching(/^[0-9a-fA-F]{24}$/)],
  ['byte', isByte],
  ['cidr', isCidr],
  ['creditcard', isCreditCard],
  ['date', isDate],
  ['date-time', isDateTime],
  ['datetime', isDateTime],
  ['duration', isDuration],
  ['email', matching(email)],
  ['hexcolor', matching(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  ['hostname', isHostname],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
  ['isbn', (text) => isIsbn10(text) || isIsbn13(text)],
  ['isbn10', isIsbn10],
  ['isbn13', isIsbn13],
  ['k8s-long-name', (text) => dns1123Subdomain(text).length === 0],
  ['k8s-short-name', (text) => dns1123Label(text).length === 0],
  [
    'mac',
    matching(
      /^[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4}(?:(?:\1[0-9a-fA-F]{2}){2})?$|^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}){2,3}$/,
    ),
  ],
  ['password', () => true],
  ['rgbcolor', matching(new RegExp(`^rgb\\(${channel},${channel},${channel}\\)$`))],
  ['ssn', matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/)],
  ['uri', isUri],
  ['uuid', uuid],
  ['uuid3', uuidOf('3')],
  ['uuid4', uuidOf('4')],
  ['uuid5', uuidOf('5')],
]);

/** Formats of numbers, which are no formats of texts, and known all the same. */
const numberFormats: ReadonlySet<string> = new Set(['int32', 'int64', 'float', 'double']);

export const isKnownFormat = (format: string): boolean => formats.has(format) || numberFormats.has(format);

/** Whether a text has the format; every text has a format that is not known. */
export const hasFormat = (format: string, text: string): boolean => formats.get(format)?.(text) ?? true;
