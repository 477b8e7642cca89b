import { badRequest } from '@kubephant/api';
import { DecodeError, parseJson } from '@kubephant/schema';
import type { Revision } from './store';

/** Where a paged list goes on. `revision` -1: at the latest state, whatever changed meanwhile. */
export interface Continuation {
  readonly revision: Revision;
  /** The first key of the next page or one before it, relative to the list's scope. */
  readonly start: string;
}

const version = 'meta.k8s.io/v1';

/** Upstream's form, so that its clients and tools can read it [apiserver storage/continue.go]. */
export function encodeContinue({ revision, start }: Continuation): string {
  return Buffer.from(JSON.stringify({ v: version, rv: revision, start })).toString('base64url');
}

export function decodeContinue(token: string): Continuation {
  const { v, rv, start } = read(token);
  if (v !== version) throw refuse(`server does not recognize this encoded version ${v}`);
  if (rv === 0) throw refuse(`incorrect encoded start resourceVersion (version ${version})`);
  if (start === '') throw refuse(`encoded start key empty (version ${version})`);
  if (climbs(start)) throw refuse(start);
  // Whatever is negative is the latest state; what no number holds exactly is as far away as the last one that is.
  return { revision: Math.min(Math.max(rv, -1), Number.MAX_SAFE_INTEGER), start };
}

interface Content {
  v: string;
  rv: number;
  start: string;
}

/** What a Go decoder makes of the content: null is as absent, other fields do not matter, the first wrong type does. */
function read(token: string): Content {
  const content: Content = { v: '', rv: 0, start: '' };
  for (const [name, value] of Object.entries(parse(token))) {
    if (value === null || !Object.hasOwn(content, name)) continue;
    const wrong = name === 'rv' ? noInt64(value) : typeof value === 'string' ? undefined : typeName(value);
    const type = name === 'rv' ? 'int64' : 'string';
    if (wrong)
      throw refuse(`json: cannot unmarshal ${wrong} into Go struct field continueToken.${name} of type ${type}`);
    Object.assign(content, { [name]: value });
  }
  return content;
}

function noInt64(value: unknown): string | undefined {
  if (typeof value !== 'number') return typeName(value);
  return Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? undefined : `number ${value}`;
}

const typeName = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

function parse(token: string): Readonly<Record<string, unknown>> {
  const illegal = firstIllegalByte(token);
  if (illegal !== undefined) throw refuse(`illegal base64 data at input byte ${illegal}`);
  const bytes = Buffer.from(token, 'base64url');
  try {
    const { value } = parseJson(bytes.toString());
    if (typeof value === 'object' && !Array.isArray(value)) return (value ?? {}) as Record<string, unknown>;
    throw refuse(`json: cannot unmarshal ${typeName(value)} into Go value of type storage.continueToken`);
  } catch (err) {
    throw err instanceof DecodeError ? refuse(err.message) : err;
  }
}

/** Where a decoder of unpadded base64 gives up: at the first foreign character, or at a last one without a second. */
function firstIllegalByte(token: string): number | undefined {
  const foreign = Buffer.from(token).findIndex((byte) => !/[A-Za-z0-9_-]/.test(String.fromCharCode(byte)));
  if (foreign >= 0) return foreign;
  return token.length % 4 === 1 ? token.length - 1 : undefined;
}

/** Whether cleaning the path would change it: then it may lead out of the list's scope. */
function climbs(start: string): boolean {
  if (start === '/') return false;
  const segments = start.split('/');
  if (segments[0] === '') segments.shift();
  return segments.some((segment) => segment === '' || segment === '.' || segment === '..');
}

const refuse = (why: string): Error => badRequest(`invalid continue token: continue key is not valid: ${why}`);
