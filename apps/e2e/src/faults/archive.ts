import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
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

/** What a run is judged by, and what was found. */
export interface Found {
  readonly history: History;
  readonly truth: Truth | undefined;
  readonly verdict: Verdict;
}

/** Leaves it in a directory; the history's path. */
export async function keep(directory: string, name: string, { history, truth, verdict }: Found): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${name}.history`);
  await writeFile(file, formatHistory(history));
  if (truth) await writeFile(truthFile(file), JSON.stringify(truth));
  await writeFile(join(directory, `${name}.verdict.json`), JSON.stringify(verdict, undefined, 1));
  return file;
}

/** Copies what the programs said. */
export async function keepLogs(from: string, directory: string, name: string): Promise<void> {
  const to = join(directory, `${name}.logs`);
  await mkdir(to, { recursive: true });
  const logs = (await readdir(from)).filter((file) => file.endsWith('.log'));
  for (const log of logs) await copyFile(join(from, log), join(to, log));
}

/** Judges again what `keep` has left. */
export async function judgeAgain(file: string, options: JudgeOptions): Promise<Verdict> {
  const truth = await readFile(truthFile(file), 'utf8').catch(unlessAbsent);
  const history = parseHistory(await readFile(file, 'utf8'));
  return judge(history, truth === undefined ? undefined : (JSON.parse(truth) as Truth), options);
}

const truthFile = (file: string): string => `${file.replace(/\.history$/, '')}.truth.json`;

function unlessAbsent(err: NodeJS.ErrnoException): undefined {
  if (err.code !== 'ENOENT') throw err;
}
