import type { Item, Subject } from '@kubephant/store-exam';
import { eventually } from '../harness/eventually';
import type { Stage } from './stage/stage';

const answerMs = 30_000;

/** Where the list through an API server is not what the database's own table has: a sentence each. Nobody writes now. */
export async function differences(stage: Stage, subjects: readonly Subject[]): Promise<readonly string[]> {
  const expected = await stage.database.truth.state();
  const perSubject = subjects.map(async (subject) => {
    const { items } = await eventually(() => subject.list({}), answerMs);
    return compare(subject.name, expected, items);
  });
  return (await Promise.all(perSubject)).flat();
}

export function compare(name: string, expected: readonly Item[], listed: readonly Item[]): readonly string[] {
  const [there, said] = [expected, listed].map((items) => new Map(items.map((item) => [item.key, textOf(item)])));
  const keys = [...new Set([...(there?.keys() ?? []), ...(said?.keys() ?? [])])].sort();
  return keys.flatMap((key) => {
    const [is, says] = [there?.get(key) ?? 'nothing', said?.get(key) ?? 'nothing'];
    return is === says ? [] : [`after everything, ${name} lists ${says} as ${key}, and the database has ${is}`];
  });
}

const textOf = ({ revision, value, label }: Item): string => `${value} (${label}) at ${revision}`;
