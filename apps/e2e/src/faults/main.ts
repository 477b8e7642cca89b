import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { wholeNumber } from '@kubephant/component-base';

import { faultNames } from './fault';
import { apiServerProgram } from './stage/api-server';
import { runExam, type ExamOptions } from './run-exam';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
/** npm runs scripts in the package's directory, and says where it was called. */
const here = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(name)));

const program = new Command('exam:faults')
  .description('Examines the store through real API servers while PostgreSQL, its network and they themselves fail')
  .option('--minutes <n>', 'time of the whole exam, shared among the seeds', Number, 10)
  .option('--seeds <n>', 'how many seeds: each has a fresh database and a plan of its own', wholeNumber, 20)
  .option('--first-seed <n>', 'the first of them; the others follow it', wholeNumber, 1)
  .option('--servers <n>', 'how many API servers', wholeNumber, 2)
  .option('--apiserver <file>', 'their program', here, apiServerProgram)
  .addOption(new Option('--fault <kind...>', 'only these').choices([...faultNames]).default([...faultNames], 'all'))
  .option(
    '--floor <n>',
    'writes per second, and events, below which a second outside faults counts as stalled',
    Number,
    3,
  )
  .option('--output <dir>', 'where the history of a seed that failed goes', here, here('tmp/exam-faults'))
  .option('--keep', 'keep the logs of the programs, and the history of every seed', false)
  .option('--verbose', 'tell of every fault and of the throughput', false)
  .option('--replay <file>', 'judge a history again instead; with the .truth.json beside it if there is one', here)
  .action(async (options: ExamOptions) => {
    if (!(await runExam(options, print, stop.signal))) process.exitCode = 1;
  });

program.parseAsync(process.argv).catch((err: unknown) => {
  const why = err instanceof Error ? (err.stack ?? err.message) : String(err);
  process.stderr.write(`exam:faults: ${stop.signal.aborted ? 'interrupted' : why}\n`);
  process.exitCode = 1;
});
