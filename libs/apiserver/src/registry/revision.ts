import { badRequest, is, StatusError } from '@kubephant/api';

const maxUint64 = 18_446_744_073_709_551_615n;
/** Numbers are exact up to here. What is asked for beyond it is as far away as this is. */
const farthest = Number.MAX_SAFE_INTEGER;

/** What the text is not: a revision. undefined when it is one. */
export function revisionProblem(text: string): string | undefined {
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : BigInt(text) > maxUint64 ? 'value out of range' : undefined;
  return why && `strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`;
}

const revisionOf = (text: string): number => Math.min(Number(text), farthest);

/** The revision a get or a watch asks for; undefined when none. Garbage is a 500 there, as upstream. */
export function readRevision(text: string): number | undefined {
  if (text === '') return undefined;
  const problem = revisionProblem(text);
  if (problem) throw new StatusError('', `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${problem}`);
  return revisionOf(text);
}

/** The revision a list asks for. Garbage is a 400 there. */
export function listRevision(text: string): number | undefined {
  const problem = text === '' ? undefined : revisionProblem(text);
  if (problem) {
    throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: ${problem}`);
  }
  return text === '' ? undefined : revisionOf(text);
}

/** What went wrong with a read at a revision that no number holds, told with the revision that was asked for. */
export function asAsked(err: unknown, text: string): unknown {
  if (!is('Timeout', err) || revisionOf(text) !== farthest) return err;
  const message = err.message.replace(String(farthest), String(BigInt(text)));
  return StatusError.fromStatus({ ...err.status, message });
}
