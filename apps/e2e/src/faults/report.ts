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
    ...atMost(problems, 0),
    ...violationsOf(verdict),
  ];
}

export const violationsOf = ({ violations, more }: Verdict): readonly string[] =>
  atMost(
    violations.map(({ check, what }) => `${check}: ${what}`),
    more,
  );

/** `more` are known of, but not among the findings. */
function atMost(findings: readonly string[], more: number): readonly string[] {
  const rest = more + Math.max(0, findings.length - shown);
  return [...findings.slice(0, shown), ...(rest > 0 ? [`and ${rest} more`] : [])].map((finding) => `  ! ${finding}`);
}
