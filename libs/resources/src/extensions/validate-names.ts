import { dns1035Label } from '@kubephant/api';
import type { CustomResourceDefinitionNames } from '@kubephant/schema';
import { invalidValue, required, type Causes } from '../validation/causes';
import { each, follows, when } from '../validation/checks';
import type { Path } from '../validation/path';

const mixedCase = 'may have mixed case, but should otherwise match: ';

const kindRule = (kind: string | undefined, path: Path): Causes =>
  kind ? dns1035Label(kind.toLowerCase()).map((detail) => invalidValue(path, kind, mixedCase + detail)) : [];

const given = (name: string | undefined, path: Path): Causes => (name ? follows(name, path, dns1035Label) : []);

/** Names that a definition wants, or has. */
export const validateNames = (names: CustomResourceDefinitionNames, path: Path): Causes => [
  ...given(names.plural, path.child('plural')),
  ...given(names.singular, path.child('singular')),
  ...kindRule(names.kind, path.child('kind')),
  ...kindRule(names.listKind, path.child('listKind')),
  ...each(names.shortNames, path.child('shortNames'), (name, at) => follows(name, at, dns1035Label)),
  ...when(Boolean(names.kind) && names.kind === names.listKind, () =>
    invalidValue(path.child('listKind'), names.listKind, 'kind and listKind may not be the same'),
  ),
  ...each(names.categories, path.child('categories'), (name, at) => follows(name, at, dns1035Label)),
];

/** Names that have to be given, in the order upstream misses them. */
export const requireNames = (names: CustomResourceDefinitionNames, path: Path): Causes =>
  (['plural', 'singular', 'kind', 'listKind'] as const).flatMap((name) =>
    when(!names[name], () => required(path.child(name))),
  );
