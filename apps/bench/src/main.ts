import { Command } from 'commander';
import { wholeNumber } from '@kubephant/component-base';
import { runApiBench, type ApiBenchOptions } from './api/run-api';
import { runStoreBench, type StoreBenchOptions } from './store/run-store';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const program = new Command('bench').description('Measures a cluster, or the store alone');
program
  .command('api')
  .description('the API server that a kubeconfig points at, whosever it is')
  .requiredOption('--kubeconfig <file>', 'how to reach it, as an administrator')
  .option('--scenario <name...>', 'only these')
  .option('--runs <n>', 'runs per scenario; medians are printed', wholeNumber, 3)
  .option('--seconds <n>', 'length of a run', wholeNumber, 10)
  .action((options: ApiBenchOptions) => runApiBench(options, print));
program
  .command('store')
  .description('the store alone, over a PostgreSQL of its own')
  .option('--seconds <n>', 'length of each measurement of writes', wholeNumber, 5)
  .action((options: StoreBenchOptions) => runStoreBench(options, print));

program.parseAsync(process.argv).catch((err: unknown) => {
  process.stderr.write(`bench: ${err instanceof Error ? err.message : String(err)}\n`);
  process.exitCode = 1;
});
