import type { CustomResourceDefinitionSpec, CustomResourceDefinitionVersion } from '@kubephant/schema';
import { equal } from '../validation/checks';
import { at, type Path } from '../validation/path';

type Shared = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';

/** What upstream calls them when all versions have the same. */
const sharedNames: Readonly<Record<Shared, string>> = {
  schema: 'validation',
  subresources: 'subresources',
  additionalPrinterColumns: 'additionalPrinterColumns',
  selectableFields: 'selectableFields',
};

const shared = Object.keys(sharedNames) as readonly Shared[];

/** A version as upstream looks at it: with what it does not share with all others. */
export interface Versioned {
  readonly version: CustomResourceDefinitionVersion;
  readonly path: Path;
  /** Where the part is told to be. */
  readonly partPath: (part: Shared) => Path;
}

export interface Hoisted {
  /** Parts that all versions have in common, which upstream looks at once, beside the versions. */
  readonly common: Versioned | undefined;
  readonly versions: readonly Versioned[];
}

/** The spec as upstream's internal form has it: what is the same in all versions stands above them. */
export function hoist(spec: Pick<CustomResourceDefinitionSpec, 'versions'>): Hoisted {
  const versions = listOf(spec.versions);
  const [first] = versions;
  if (!first) return { common: undefined, versions: [] };
  const same = shared.filter((part) => versions.every((version) => equal(version[part], first[part])));
  const others = shared.filter((part) => !same.includes(part));
  return {
    common: { version: without(first, others), path: at('spec'), partPath: (part) => at('spec', sharedNames[part]) },
    versions: versions.map((version, index) => {
      const path = at('spec', 'versions').index(index);
      return { version: without(version, same), path, partPath: (part) => path.child(part) };
    }),
  };
}

const listOf = <T>(list: readonly T[] | null | undefined): readonly T[] => list ?? [];

function without(version: CustomResourceDefinitionVersion, parts: readonly Shared[]): CustomResourceDefinitionVersion {
  const rest = Object.entries(version).filter(([key]) => !(parts as readonly string[]).includes(key));
  return Object.fromEntries(rest) as unknown as CustomResourceDefinitionVersion;
}
