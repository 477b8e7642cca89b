import { conditionOf, setCondition } from '@kubephant/resources';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '@kubephant/schema';

/** Names of a group that are taken: by what is built in, and by definitions that were accepted before. */
export interface TakenNames {
  /** Plural, singular and short names are one space. */
  readonly resources: ReadonlySet<string>;
  /** Kinds and kinds of lists are another. */
  readonly kinds: ReadonlySet<string>;
}

interface Conflict {
  readonly reason: string;
  readonly message: string;
}

/** A name that is wanted: where it stands in the names, and how it is told to be taken. */
type Claim = readonly ['plural' | 'singular' | 'kind' | 'listKind', string, keyof TakenNames];

const claims: readonly Claim[] = [
  ['plural', 'PluralConflict', 'resources'],
  ['singular', 'SingularConflict', 'resources'],
  ['kind', 'KindConflict', 'kinds'],
  ['listKind', 'ListKindConflict', 'kinds'],
];

const inUse = (name: string): string => `${JSON.stringify(name)} is already in use`;

/** Several reproaches in one text, as upstream writes them. */
const aggregate = (texts: readonly string[]): string =>
  texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;

/**
 * The names of a definition that nobody else has, and what is in the way of the others (upstream: naming controller).
 * A name that was accepted once is kept until it can be exchanged.
 */
function accept(
  wanted: CustomResourceDefinitionNames,
  kept: CustomResourceDefinitionNames,
  taken: TakenNames,
): { readonly names: CustomResourceDefinitionNames; readonly conflicts: readonly Conflict[] } {
  const names: CustomResourceDefinitionNames = { plural: '', kind: '' };
  const conflicts: Conflict[] = [];
  const short = (wanted.shortNames ?? []).filter((name) => taken.resources.has(name));
  for (const [field, reason, space] of claims) {
    const name = wanted[field] ?? '';
    const isTaken = taken[space].has(name);
    names[field] = (isTaken ? kept[field] : name) ?? '';
    if (isTaken) conflicts.push({ reason, message: inUse(name) });
    if (field === 'singular' && short.length > 0) {
      conflicts.push({ reason: 'ShortNamesConflict', message: aggregate(short.map(inUse)) });
    }
  }
  const { shortNames } = short.length > 0 ? kept : wanted;
  const { categories } = wanted;
  return {
    names: inOrder({ ...names, ...(shortNames && { shortNames }), ...(categories && { categories }) }),
    conflicts,
  };
}

/** In the order of the API, so that equal names are equal bytes. */
function inOrder(names: CustomResourceDefinitionNames): CustomResourceDefinitionNames {
  const { plural, singular, shortNames, kind, listKind, categories } = names;
  return {
    plural,
    ...(singular && { singular }),
    ...(shortNames && { shortNames }),
    kind,
    ...(listKind && { listKind }),
    ...(categories && { categories }),
  };
}

/** Names of definitions in the same group, without those of `self`. */
export function takenBy(
  others: Iterable<CustomResourceDefinition>,
  self: CustomResourceDefinition,
  builtIn: TakenNames,
): TakenNames {
  const resources = new Set(builtIn.resources);
  const kinds = new Set(builtIn.kinds);
  for (const { metadata, spec, status } of others) {
    if (metadata.name === self.metadata.name || spec.group !== self.spec.group) continue;
    const { plural, singular, kind, listKind, shortNames = [] } = status?.acceptedNames ?? { plural: '', kind: '' };
    for (const name of [plural, singular, ...shortNames]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kinds.add(name);
  }
  return { resources, kinds };
}

/** Accepts names and establishes the definition, in its status. Changes `crd`. */
export function acceptNames(crd: CustomResourceDefinition, taken: TakenNames, now: Date): void {
  const status = (crd.status ??= {});
  const { names, conflicts } = accept(crd.spec.names, status.acceptedNames ?? { plural: '', kind: '' }, taken);
  status.acceptedNames = names;
  // Of several conflicts upstream tells the last.
  const last = conflicts.at(-1);
  if (last) {
    setCondition(crd, { type: 'NamesAccepted', status: 'False', ...last }, now);
  } else {
    const message = 'no conflicts found';
    setCondition(crd, { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message }, now);
  }
  establish(crd, conflicts.length === 0, now);
}

/** Once established, a definition stays so, whatever names it asks for later. */
function establish(crd: CustomResourceDefinition, isAccepted: boolean, now: Date): void {
  if (conditionOf(crd, 'Established')?.status === 'True') return;
  const accepted = { reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' };
  const waiting = { reason: 'NotAccepted', message: 'not all names are accepted' };
  const why = isAccepted ? accepted : waiting;
  setCondition(crd, { type: 'Established', status: isAccepted ? 'True' : 'False', ...why }, now);
}
