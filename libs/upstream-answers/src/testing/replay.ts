import { setImmediate as turn } from 'node:timers/promises';
import type { Answered, TestServer } from '@kubephant/apiserver/testing';
import type { Answer, Case, Request } from './case';
import { compare, type Difference } from './compare';
import { resolve } from './placeholders';

/** Asks one request, its references resolved. */
export type Ask = (request: Request) => Promise<Answer>;

export interface StepDifference extends Difference {
  /** From 0. */
  readonly step: number;
}

/** Asks the requests of a case in their order and says where the answers differ. */
export async function replay({ steps }: Case, ask: Ask): Promise<readonly StepDifference[]> {
  const bodies: unknown[] = [];
  const found: StepDifference[] = [];
  for (const [step, { answer, eventually = false, ...request }] of steps.entries()) {
    const want = resolve(answer, bodies) as Answer;
    const sent = resolve(request, bodies) as Request;
    const { got, differences } = await askFor(want, eventually ? maxTries : 1, () => ask(sent));
    bodies.push(got.body);
    found.push(...differences.map((difference) => ({ step, ...difference })));
  }
  return found;
}

/** So many turns of the event loop take seconds. */
const maxTries = 20_000;

async function askFor(
  want: Answer,
  tries: number,
  ask: () => Promise<Answer>,
): Promise<{ readonly got: Answer; readonly differences: readonly Difference[] }> {
  const got = await ask();
  const differences = compare(want, got);
  if (differences.length === 0 || tries === 1) return { got, differences };
  await turn();
  return askFor(want, tries - 1, ask);
}

/** Asks a server in this process, as the client `tester`. */
export function askOf(server: TestServer): Ask {
  return async ({ ask, as = 'admin', headers, body, hex }) => {
    const sent = hex === undefined ? body : Buffer.from(hex, 'hex');
    const answered = await server.ask(ask, {
      token: as === 'nobody' ? null : `${as}-token`,
      headers: { 'user-agent': 'tester', ...headers },
      ...(sent !== undefined && { body: sent as object | string }),
    });
    return answerOf(answered);
  };
}

function answerOf({ status, body, headers }: Answered): Answer {
  const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()] as const);
  const warnings = fields.flatMap(([name, values]) => (name === 'warning' ? values.map(textOfWarning) : []));
  return { status, body, warnings, headers: Object.fromEntries(fields.map(([name, all]) => [name, all.join(', ')])) };
}

/** `299 - "text"`, RFC 7234 §5.5. */
const textOfWarning = (field: string): string =>
  (/^\d+ \S+ "(.*)"$/s.exec(field)?.[1] ?? field).replace(/\\(.)/g, '$1');
