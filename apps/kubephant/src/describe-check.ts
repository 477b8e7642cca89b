import type { CheckReport } from '@kubephant/storage-postgres';
import { columns } from './columns';

/** What `db check` prints after what it found. */
export function describeCheck(report: CheckReport): string {
  const { resources, latest, compacted, objectsThen, unverifiable, state, replayed } = report;
  const rows = resources.map(({ resource, objects, changes, digest }) => [
    resource,
    String(objects),
    String(changes),
    digest,
  ]);
  const objects = resources.reduce((sum, { objects: n }) => sum + n, 0);
  const lines = [
    ...columns([['RESOURCE', 'OBJECTS', 'CHANGES', 'SHA256'], ...rows]),
    '',
    `now        ${objects} objects at revision ${latest}, digest ${state}`,
    `replayed   ${objectsThen} objects at revision ${compacted} and ${latest - compacted} changes, digest ${replayed}`,
    ...(unverifiable > 0 ? [`unknown    ${unverifiable} objects were written before checksums were kept`] : []),
    '',
    verdict(report),
  ];
  return `${lines.join('\n')}\n`;
}

export const isSound = ({ findings, state, replayed }: CheckReport): boolean => findings === 0 && state === replayed;

function verdict(report: CheckReport): string {
  if (isSound(report)) return 'The database is sound: the log leads to exactly the state that is there.';
  const { findings } = report;
  return `The database is DAMAGED: ${findings} ${findings === 1 ? 'thing is' : 'things are'} wrong.`;
}
