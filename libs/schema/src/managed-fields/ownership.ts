import type { JsonObject } from '../patch/json';
import type { ObjectSchema } from '../schema';
import { changed, compare, without, type Comparison } from './compare';
import type { Conflict } from './conflicts';
import { difference, emptySet, intersection, isEmpty, type FieldSet } from './field-set';
import { withoutEmpty, type Managers, type Ownership } from './managers';

/** How an object looks in another version of its kind. */
export interface VersionedForm {
  readonly schema: ObjectSchema;
  convert(object: JsonObject): JsonObject;
}

/** The form of objects on which ownership is worked out. */
export interface Form {
  readonly schema: ObjectSchema;
  readonly apiVersion: string;
  /** Paths that this endpoint resets and therefore nobody owns through it: `status` on the main one. */
  readonly resetFields?: FieldSet | undefined;
  /** All versions of the kind, this one too; entries of managers in unknown versions are dropped. */
  readonly versions?: ((apiVersion: string) => VersionedForm | undefined) | undefined;
}

export interface Change {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** What the change means in each version that some manager speaks. */
export class Comparisons {
  readonly #form: Form;
  readonly #change: Change;
  readonly #known = new Map<string, Comparison | undefined>();

  constructor(form: Form, change: Change) {
    this.#form = form;
    this.#change = change;
    const own = compare(form.schema, change.before, change.after);
    this.#known.set(form.apiVersion, form.resetFields ? without(own, form.resetFields) : own);
  }

  /** The change in the version of the request. */
  get own(): Comparison {
    return this.in(this.#form.apiVersion) ?? { added: emptySet, modified: emptySet, removed: emptySet };
  }

  in(apiVersion: string): Comparison | undefined {
    if (!this.#known.has(apiVersion)) {
      const { before, after } = this.#change;
      const form = this.#form.versions?.(apiVersion);
      this.#known.set(apiVersion, form && compare(form.schema, form.convert(before), form.convert(after)));
    }
    return this.#known.get(apiVersion);
  }
}

/** The fields of managers other than `except` that the change gives another value. */
export function findConflicts(managers: Managers, comparisons: Comparisons, except?: string): readonly Conflict[] {
  return [...managers].flatMap(([id, owner]) => {
    const comparison = id === except ? undefined : comparisons.in(owner.apiVersion);
    const set = comparison ? intersection(owner.set, changed(comparison)) : emptySet;
    return isEmpty(set) ? [] : [{ id, owner, set }];
  });
}

/** Takes what was changed or removed from everyone but `except`; managers left without anything are gone. */
export function releaseChanged(managers: Managers, comparisons: Comparisons, except?: string): Managers {
  const released = new Map<string, Ownership>();
  for (const [id, owner] of managers) {
    const comparison = comparisons.in(owner.apiVersion);
    if (id === except) released.set(id, owner);
    else if (comparison) {
      const lost = difference(difference(owner.set, changed(comparison)), comparison.removed);
      released.set(id, lost === owner.set ? owner : { ...owner, set: lost });
    }
  }
  return withoutEmpty(released);
}

const metadataElements = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
];

/** What nobody owns: identity, and what the server alone writes. */
const unowned: FieldSet = {
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': { '.': {}, ...Object.fromEntries(metadataElements.map((name) => [`f:${name}`, {}])) },
};

export const ownable = (set: FieldSet): FieldSet => difference(set, unowned);
