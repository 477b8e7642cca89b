import type { ResourceDefinition } from '@kubephant/resources';

/** Parts of the suite that not every row can be asked. */
export type Part = 'storing' | 'status' | 'scale' | 'deletecollection';

/** What a row cannot be asked, and why; everything else is asked of it. */
export function inapplicable({ createAs, subresources, verbs }: ResourceDefinition): ReadonlyMap<Part, string> {
  return new Map([
    ...(createAs ? [['storing', 'it is done when it is created, and not kept'] as const] : []),
    ...(subresources?.['status'] ? [] : [['status', 'it has no status that is written apart'] as const]),
    ...(subresources?.['scale'] ? [] : [['scale', 'it has no size'] as const]),
    ...(!verbs || verbs.includes('deletecollection')
      ? []
      : [['deletecollection', 'it is not removed together with others'] as const]),
  ]);
}
