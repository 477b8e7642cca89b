import { StatusError, codeOf, type Status, type StatusReason } from '@kubephant/api';
import { readText } from './body';
import type { TransportResponse } from './transport';

/** Longest error answer that is looked at. */
const maxErrorBytes = 1024 * 1024;

const reasonOfCode = new Map<number, StatusReason>();
for (const [reason, code] of Object.entries(codeOf) as [StatusReason, number][]) {
  if (!reasonOfCode.has(code)) reasonOfCode.set(code, reason);
}

/** The StatusError an answer of 400 and above stands for; answers that are no Status (a proxy's page) get the reason of their code. */
export async function failureOf(response: TransportResponse): Promise<StatusError> {
  const text = await readText(response.body, maxErrorBytes);
  const status = asStatus(text);
  if (status) return StatusError.fromStatus(status);
  const { status: code } = response;
  const message = text.trim().slice(0, 2048) || `the server answered ${code}`;
  return new StatusError(reasonOfCode.get(code) ?? '', message, undefined, { code });
}

function asStatus(text: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStatus(value) ? value : undefined;
  } catch {
    // Not JSON is an expected answer here: load balancers and proxies speak text and HTML.
    return undefined;
  }
}

/** Whether a decoded value is a meta/v1 Status. */
export function isStatus(value: unknown): value is Status {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'Status' &&
    'code' in value &&
    typeof value.code === 'number'
  );
}
