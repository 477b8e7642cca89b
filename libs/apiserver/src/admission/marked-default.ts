import type { KubeObject } from '@kubephant/api';

/** The class that an annotation marks as the default; of several the newest, of those of one second the first by name. */
export function markedDefault<T extends KubeObject>(classes: readonly T[], marks: readonly string[]): T | undefined {
  const marked = classes.filter(({ metadata }) => marks.some((mark) => metadata.annotations?.[mark] === 'true'));
  const [first] = marked.sort((a, b) => byAge(a, b) || (a.metadata.name < b.metadata.name ? -1 : 1));
  return first;
}

const byAge = (a: KubeObject, b: KubeObject): number => bornMs(b) - bornMs(a);

const bornMs = ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp ?? '') || 0;
