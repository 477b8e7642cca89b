import { badRequest, StatusError, type Status } from '@kubephant/api';
import type { BackendResponse } from '@kubephant/serving';

/** Errors of a kubelet are short texts. */
const maxErrorBytes = 64 * 1024;

/** A StatusError of the backend is passed on; of any other failure `make` says what clients are told. */
export async function reach<T>(dial: () => Promise<T>, make: (why: string, cause: unknown) => StatusError): Promise<T> {
  try {
    return await dial();
  } catch (err) {
    if (err instanceof StatusError) throw err;
    throw make(err instanceof Error ? err.message : String(err), err);
  }
}

/** Upstream's answer to an error that has no reason of the API's: code 500, and the error's own words. */
export const plainFailure = (message: string, cause?: unknown): StatusError =>
  new StatusError('', message, undefined, { code: 500, cause });

/** What a backend has to say against a request. */
export async function errorTextOf({ body }: BackendResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxErrorBytes) break;
  }
  return Buffer.concat(chunks).toString().trim();
}

/** The refusal of a kubelet as a Status. */
export async function refusalOf(response: BackendResponse): Promise<StatusError> {
  const { status } = response;
  const text = await errorTextOf(response);
  const told = statusIn(text);
  if (told) return StatusError.fromStatus({ ...told, code: status });
  const message = text.slice(0, 2048) || `the server answered with status ${status}`;
  if (status === 400) return badRequest(message);
  return new StatusError(status === 404 ? 'NotFound' : 'InternalError', message);
}

/** The failure that a kubelet tells as a Status: its text and reason, and nothing else that it may have written. */
function statusIn(text: string): Omit<Status, 'code'> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { kind, message, reason } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (kind !== 'Status' || typeof message !== 'string') return undefined;
    const about = { message, ...(typeof reason === 'string' && { reason }) };
    return { kind, apiVersion: 'v1', metadata: {}, status: 'Failure', ...about };
  } catch {
    return undefined; // then it is the text itself
  }
}
