import { authz } from './authz';
import { collections } from './collections';
import { comparisons } from './comparisons';
import { conversions } from './conversions';
import type { Library, Overload } from './declare';
import { formatLibrary } from './formats';
import { listExtensions } from './list-extensions';
import { lists } from './lists';
import { logic } from './logic';
import { networks } from './networks';
import { numbers } from './numbers';
import { optionals } from './optionals';
import { quantities } from './quantities';
import { regexes } from './regex';
import { semvers } from './semvers';
import { strings } from './strings';
import { times } from './times';
import { urls } from './urls';

const libraries: readonly Library[] = [
  logic,
  comparisons,
  numbers,
  times,
  conversions,
  collections,
  optionals,
  strings,
  lists,
  listExtensions,
  regexes,
  urls,
  networks,
  quantities,
  formatLibrary,
  semvers,
  authz,
];

/** Functions with an entry here exist only in environments that ask for them. */
const special: Readonly<Record<string, string>> = { 'jsonpatch.escapeKey': 'mutation' };

export type Feature = 'mutation';

/** All functions that Kubernetes 1.36 gives to expressions, by name. */
export function newFunctions(features: ReadonlySet<Feature>): ReadonlyMap<string, readonly Overload[]> {
  const functions = new Map<string, readonly Overload[]>();
  for (const library of libraries) {
    for (const [name, overloads] of Object.entries(library)) {
      const needs = Object.hasOwn(special, name) ? special[name] : undefined;
      if (needs !== undefined && !features.has(needs as Feature)) continue;
      functions.set(name, [...(functions.get(name) ?? []), ...overloads]);
    }
  }
  return functions;
}
