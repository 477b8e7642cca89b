import type { CallAnswer } from '@kubephant/serving';
import { Refusal } from './errors';

/** What a client of Kubernetes makes of a status code, whatever is in the body. */
const known: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};
/** Of these the body says more. */
const told: ReadonlySet<number> = new Set([403, 406, 415]);

/** How much of an error page is handed on. */
const maxSaid = 1024;

/** The body of an answer that is none to an error. Throws Refusal in the words of upstream's client. */
export function bodyOf({ status, body }: CallAnswer): Buffer {
  const given = statusIn(body);
  if (given?.status === 'Failure' && (status < 200 || status > 299)) {
    throw new Refusal(given.code ?? status, given.message ?? '');
  }
  if (status >= 200 && status < 300) {
    if (body.length > 0) return body;
    throw new Refusal(503, `0-length response with status code: ${status} and content type: application/json`);
  }
  throw new Refusal(status, textOf(status, body.subarray(0, maxSaid).toString().trim() || 'unknown'));
}

function textOf(status: number, said: string): string {
  const text = known[status];
  if (text !== undefined) return text;
  if (told.has(status)) return said;
  return status >= 500
    ? `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`
    : `the server responded with the status code ${status} but did not return more information`;
}

interface GivenStatus {
  readonly status?: string;
  readonly message?: string;
  readonly code?: number;
}

/** The Status that an error is told with; undefined: it is told otherwise. */
function statusIn(body: Buffer): GivenStatus | undefined {
  try {
    const value = JSON.parse(body.toString()) as { readonly kind?: string; readonly apiVersion?: string } | null;
    return value?.kind === 'Status' && value.apiVersion === 'v1' ? (value as GivenStatus) : undefined;
  } catch {
    return undefined; // Pages of errors are no JSON.
  }
}
