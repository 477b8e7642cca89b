import { Command } from 'commander';
import { wholeNumber } from '@kubephant/component-base';
import { runApiBench, type ApiBenchOptions } from './api/run-api';
import { runWatchProcess, watchProcess } from './api/watch-process';
import type { BenchOptions, Console } from './measure/bench';
import { runRequestsBench, type RequestsBenchOptions } from './requests/run-requests';
import { runStoreProcess, storeProcess } from './store/process/tasks';
import { runStoreBench } from './store/run-store';

const stop = new AbortController();
const here: Console = { say: (text) => void process.stdout.write(`${text}\n`), signal: stop.signal };
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));

const program = new Command('bench').description('Measures a cluster, or the store alone');
const measuring = (command: Command, seconds: number): Command =>
  command
    .option('--scenario <name...>', 'only these; a wrong name lists all')
    .option('--runs <n>', 'runs per scenario; medians are printed', wholeNumber, 3)
    .option('--seconds <n>', 'length of a run', wholeNumber, seconds)
    .option('--json <file>', 'write all figures of all runs there');

measuring(program.command('api'), 5)
  .description('API servers: those that kubeconfigs point at, whosever they are, or two of our own')
  .option('--kubeconfig <file...>', 'how to reach them as an administrator; several for several servers of one cluster')
  .action((options: ApiBenchOptions) => runApiBench(options, here));
measuring(program.command('requests'), 4)
  .description('what one API server takes for each kind of request of a typical client')
  .option('--kubeconfig <file>', 'how to reach it as an administrator, whosever it is; default: one of our own')
  .option('--server-pid <pid>', 'its process, when it is on this machine; default: what its metrics say', wholeNumber)
  .option('--clients <n>', 'how many ask at the same time', wholeNumber, 32)
  .option('--prefix <name>', 'what the name of its namespace begins with', 'bench-')
  .action((options: RequestsBenchOptions) => runRequestsBench(options, here));
measuring(program.command('store'), 2)
  .description('the store alone, over a PostgreSQL of its own')
  .action((options: BenchOptions) => runStoreBench(options, here));
program.command(storeProcess, { hidden: true }).action(runStoreProcess);
program.command(watchProcess, { hidden: true }).action(runWatchProcess);

program.parseAsync(process.argv).catch((err: unknown) => {
  process.stderr.write(`bench: ${err instanceof Error ? err.message : String(err)}\n`);
  // What an interrupted run had begun may still hold this process.
  process.exit(1);
});
