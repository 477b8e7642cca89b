import type { ProbeAnswer } from '@kubephant/node';

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
};
const refusal =
  /(?:dial tcp \S+: )?connect (ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT) (\S+):(\d+)(?: - Local .*)?/;

/**
 * The answer of a host that could not be reached, in the words that events have for it upstream
 * (`dial tcp 10.0.0.1:80: connect: connection refused`) in place of Node's. What a server answered stays as it is.
 */
export function inDialTerms(answer: ProbeAnswer): ProbeAnswer {
  if (answer.ok || answer.code !== 0) return answer;
  const output = answer.output.replace(refusal, (_, code: string, address: string, port: string) => {
    const host = address.includes(':') ? `[${address}]` : address;
    return `dial tcp ${host}:${port}: connect: ${words[code] ?? code}`;
  });
  return { ...answer, output };
}
