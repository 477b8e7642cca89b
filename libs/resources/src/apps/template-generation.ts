import { badRequest } from '@kubephant/api';
import type { DaemonSet } from '@kubephant/schema';
import { equal } from '../validation/checks';

/**
 * How often the template of a DaemonSet changed: once a field of its spec, now an annotation that every DaemonSet has
 * and that only the server writes.
 */
const annotation = 'deprecated.daemonset.template.generation';

const textOf = ({ metadata }: DaemonSet): string | undefined => metadata.annotations?.[annotation];
const isInteger = (text: string): boolean => /^[+-]?\d{1,18}$/.test(text);

/** Throws BadRequest for a count that is none, as decoding does upstream. */
export function checkTemplateGeneration(set: DaemonSet): void {
  const text = textOf(set);
  if (text === undefined || isInteger(text)) return;
  const why = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw badRequest(`DaemonSet in version "v1" cannot be handled as a DaemonSet: ${why}`);
}

const countOf = (set: DaemonSet): number => Number(textOf(set) ?? 0);

function put({ metadata }: DaemonSet, count: number): void {
  metadata.annotations = { ...metadata.annotations, [annotation]: String(count) };
}

/** A DaemonSet that was never counted stands at zero, and whoever wrote it says so. */
export const defaultTemplateGeneration = (set: DaemonSet): void => {
  if (textOf(set) === undefined) put(set, 0);
};

export const startTemplateGeneration = (set: DaemonSet): void => put(set, Math.max(1, countOf(set)));

export const keepTemplateGeneration = (set: DaemonSet, old: DaemonSet): void => put(set, countOf(old));

export const countTemplateGeneration = (set: DaemonSet, old: DaemonSet): void =>
  put(set, countOf(old) + (equal(set.spec.template, old.spec.template) ? 0 : 1));
