import type { Floor } from '@kubephant/store-exam';
import { judgeAgain, keep, keepLogs } from './archive';
import { runSeed, type SeedReport } from './exam';
import type { FaultName } from './fault';
import { hasPassed, linesOf, violationsOf } from './report';
import { Stage } from './stage/stage';

export interface ExamOptions {
  /** Of the whole exam. */
  readonly minutes: number;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly servers: number;
  readonly apiserver: string;
  readonly fault: readonly FaultName[];
  readonly floor: number;
  readonly output: string;
  readonly keep: boolean;
  readonly verbose: boolean;
  readonly replay?: string;
}

const diskMegabytes = 384;
/** Per seed, besides its traffic: the last watches, the final lists, the judgement. */
const closingMs = 3000;

export const floorOf = (perSecond: number): Floor => ({
  windowMs: 1000,
  writesPerSecond: perSecond,
  eventsPerSecond: perSecond,
  graceMs: 500,
  overallShare: 0.2,
});

/** The whole exam, seed after seed; whether all of them passed. */
export async function runExam(
  options: ExamOptions,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  if (options.replay !== undefined) return await replay(options.replay, options, print);
  const { minutes, seeds, firstSeed, servers, apiserver } = options;
  const beginMs = performance.now();
  const stage = await Stage.open({ servers, apiserver, diskMegabytes, keep: options.keep });
  if (options.keep) print(`logs: ${stage.directory}`);
  let failed = 0;
  try {
    for (let i = 0; i < seeds && !signal.aborted; i++) {
      const deadline = beginMs + ((i + 1) * minutes * 60_000) / seeds - closingMs;
      const report = await runSeed(stage, { ...seedConfig(options, print), seed: firstSeed + i, deadline }, signal);
      if (!hasPassed(report)) failed += 1;
      await tell(report, options, print);
      if (!hasPassed(report)) await keepLogs(stage.directory, options.output, `seed-${report.seed}`);
    }
  } finally {
    await stage.close();
  }
  print(`${seeds - failed} of ${seeds} seeds passed in ${((performance.now() - beginMs) / 60_000).toFixed(1)} minutes`);
  return failed === 0 && !signal.aborted;
}

const seedConfig = ({ fault, floor, verbose }: ExamOptions, print: (text: string) => void) => ({
  faults: fault,
  floor: floorOf(floor),
  ...(verbose && { say: (text: string) => print(`    ${text}`) }),
});

async function tell(report: SeedReport, options: ExamOptions, print: (text: string) => void): Promise<void> {
  for (const line of linesOf(report)) print(line);
  if (hasPassed(report) && !options.keep) return;
  const file = await keep(options.output, `seed-${report.seed}`, report);
  print(`  history: ${file}; to judge it again: npm run exam:faults -- --replay ${file}`);
}

async function replay(file: string, { floor }: ExamOptions, print: (text: string) => void): Promise<boolean> {
  const verdict = await judgeAgain(file, { floor: floorOf(floor) });
  print(`${file}: ${verdict.passed ? 'passed' : 'FAILED'}`);
  for (const line of violationsOf(verdict)) print(line);
  return verdict.passed;
}
