import { badRequest } from '@kubephant/api';
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
  if (v !== version) throw refuse('server does not recognize this encoded version');
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0 || rv < -1) {
    throw refuse(`incorrect encoded start resourceVersion (version ${version})`);
  }
  if (typeof start !== 'string' || start === '') throw refuse(`encoded start key empty (version ${version})`);
  if (climbs(start)) throw refuse(start);
  return { revision: rv, start };
}

function parse(token: string): Partial<Record<'v' | 'rv' | 'start', unknown>> {
  if (!/^[A-Za-z0-9_-]+$/.test(token)) throw refuse('illegal base64 data');
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Falls through: what is no JSON is refused like what is no object.
  }
  throw refuse('not a token of this server');
}

/** Whether cleaning the path would change it: then it may lead out of the list's scope. */
function climbs(start: string): boolean {
  const segments = start.split('/');
  if (segments[0] === '') segments.shift();
  return segments.some((segment) => segment === '' || segment === '.' || segment === '..');
}

const refuse = (why: string): Error => badRequest(`invalid continue token: continue key is not valid: ${why}`);
