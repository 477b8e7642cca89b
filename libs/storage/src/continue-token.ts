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
  const { v, rv, start } = parse(token);
  if (v !== version) throw refuse(`server does not recognize this encoded version ${shown(v)}`);
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0 || rv < -1) {
    throw refuse(`incorrect encoded start resourceVersion (version ${version})`);
  }
  if (typeof start !== 'string' || start === '') throw refuse(`encoded start key empty (version ${version})`);
  if (climbs(start)) throw refuse(start);
  return { revision: rv, start };
}

function parse(token: string): Partial<Record<'v' | 'rv' | 'start', unknown>> {
  const illegal = firstIllegalByte(token);
  if (illegal !== undefined) throw refuse(`illegal base64 data at input byte ${illegal}`);
  const bytes = Buffer.from(token, 'base64url');
  try {
    const { value } = parseJson(bytes.toString());
    if (value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value;
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw refuse(`json: cannot unmarshal ${type} into Go value of type storage.continueToken`);
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

const shown = (version: unknown): string => (typeof version === 'string' ? version : '');

/** Whether cleaning the path would change it: then it may lead out of the list's scope. */
function climbs(start: string): boolean {
  const segments = start.split('/');
  if (segments[0] === '') segments.shift();
  return segments.some((segment) => segment === '' || segment === '.' || segment === '..');
}

const refuse = (why: string): Error => badRequest(`invalid continue token: continue key is not valid: ${why}`);
