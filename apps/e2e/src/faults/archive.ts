import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  formatHistory,
  judge,
  parseHistory,
  type History,
  type JudgeOptions,
  type Truth,
  type Verdict,
} from '@kubephant/store-exam';

/** Leaves what a run was judged by: the history, the truth beside it, and what was found. The history's path. */
export async function keep(
  directory: string,
  name: string,
  found: { readonly history: History; readonly truth: Truth; readonly verdict: Verdict },
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${name}.history`);
  await writeFile(file, formatHistory(found.history));
  await writeFile(truthFile(file), JSON.stringify(found.truth));
  await writeFile(join(directory, `${name}.verdict.json`), JSON.stringify(found.verdict, undefined, 1));
  return file;
}

/** Judges again what `keep` has left. */
export async function judgeAgain(file: string, options: JudgeOptions): Promise<Verdict> {
  const truth = JSON.parse(await readFile(truthFile(file), 'utf8')) as Truth;
  return judge(parseHistory(await readFile(file, 'utf8')), truth, options);
}

const truthFile = (file: string): string => `${file.replace(/\.history$/, '')}.truth.json`;
