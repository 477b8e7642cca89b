/** A golden file of validation: see golden.spec.ts. */
export interface Golden {
  readonly verb: string;
  readonly resource: string;
  readonly base: unknown;
  readonly cases: readonly GoldenCase[];
}

export interface GoldenCase {
  /** `/json/pointer = value`, or `- /json/pointer` for what is taken away. `-` as the last step appends. */
  readonly changes: readonly string[];
  readonly answers: readonly string[];
}

const line = '----';

export function parseGolden(text: string): Golden {
  const [head = '', ...blocks] = text.trim().split('\n\n');
  const [title = '', json = ''] = head.split('\n');
  const [verb = '', resource = ''] = title.split(' ');
  const cases = blocks.map((block): GoldenCase => {
    const lines = block.split('\n');
    const middle = lines.indexOf(line);
    return { changes: lines.slice(0, middle), answers: lines.slice(middle + 1) };
  });
  return { verb, resource, base: JSON.parse(json), cases };
}

export function printGolden({ verb, resource, base, cases }: Golden): string {
  const blocks = cases.map(({ changes, answers }) => [...changes, line, ...answers].join('\n'));
  return `${[`${verb} ${resource}\n${JSON.stringify(base)}`, ...blocks].join('\n\n')}\n`;
}

type Json = Record<string, unknown>;

const steps = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The container of the pointer's last step, made where it is missing, and that step. */
function locate(root: unknown, pointer: string): readonly [Json, string] {
  const path = steps(pointer);
  const last = path.at(-1) ?? '';
  let here = root as Json;
  path.slice(0, -1).forEach((step, index) => {
    here[step] ??= /^(\d+|-)$/.test(path[index + 1] ?? '') ? [] : {};
    here = here[step] as Json;
  });
  return [here, Array.isArray(here) && last === '-' ? String(here.length) : last];
}

export function mutate(base: unknown, changes: readonly string[]): unknown {
  const root = structuredClone(base);
  for (const change of changes) {
    const removed = change.startsWith('- ');
    const [pointer = '', value = ''] = removed ? [change.slice(2)] : change.split(/ = (.*)/s);
    const [holder, key] = locate(root, pointer);
    if (!removed) holder[key] = JSON.parse(value) as unknown;
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
  }
  return root;
}
