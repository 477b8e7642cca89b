import { is } from '@kubephant/api';

/** The server takes nothing new into a namespace that is going: nothing to report, nothing to try again. */
export function isNamespaceTerminating(err: unknown): boolean {
  const causes = is('Forbidden', err) ? (err.status.details?.causes ?? []) : [];
  return causes.some(({ reason }) => reason === 'NamespaceTerminating');
}
