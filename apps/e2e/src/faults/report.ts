import type { Verdict } from '@kubephant/store-exam';
import type { SeedReport } from './exam';

const shown = 8;

export const hasPassed = ({ verdict, problems }: SeedReport): boolean => verdict.passed && problems.length === 0;

/** One line for a seed, and under it what was wrong. */
export function linesOf(report: SeedReport): readonly string[] {
  const { seed, injected, compaction, verdict, problems } = report;
  const { calls, unknown, events, seconds } = verdict.figures;
  const faults = [...injected].map(([name, times]) => (times === 1 ? name : `${name} ×${times}`));
  return [
    `seed ${seed}: ${hasPassed(report) ? 'passed' : 'FAILED'}  ${calls} ops in ${seconds.toFixed(1)} s ` +
      `(${(calls / seconds).toFixed(0)} ops/s), ${unknown} of unknown outcome, ${events} events, ` +
      `${compaction.compactions} compactions, ${compaction.partitions} partitions dropped`,
    `  ${faults.length} kinds of fault: ${faults.join(', ')}`,
    ...problems.map((problem) => `  ! ${problem}`),
    ...violationsOf(verdict),
  ];
}

export function violationsOf({ violations, more }: Verdict): readonly string[] {
  const rest = more + Math.max(0, violations.length - shown);
  return [
    ...violations.slice(0, shown).map(({ check, what }) => `  ! ${check}: ${what}`),
    ...(rest > 0 ? [`  ! and ${rest} more`] : []),
  ];
}
