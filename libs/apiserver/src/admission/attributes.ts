import type { KubeObject } from '@kubephant/api';
import type { GroupVersionKind, ObjectSchema } from '@kubephant/schema';
import type { Attributes } from '@kubephant/serving';
import type { Place } from './matching/rules';

/** A form that objects of the request can be shown in: the version asked for, or another of the same kind. */
export interface Form extends GroupVersionKind {
  /** What the request is about, in this form: of another group than the kind, where a subresource takes another. */
  readonly place: Place;
  readonly schema: ObjectSchema;
  /** An object of the request in this form: not to be changed, it may be the one of the request itself. */
  show(obj: KubeObject): Promise<KubeObject>;
  /**
   * What somebody made of `onto` as it was shown: decoded, with defaults, in the form that the request has; a new
   * object.
   */
  take(value: object, onto: KubeObject): Promise<KubeObject>;
}

/** How often and by whom an object was changed, over the passes of mutating admission. */
export interface Reinvocation {
  /** Whether this is the second pass. */
  again: boolean;
  /** Whether somebody changed the object in a way that others should see. */
  wanted: boolean;
  /** What plugins remember between the passes, by their names. */
  readonly memory: Map<string, unknown>;
}

/** What the plugins of this server see of a write besides what all plugins see. */
export interface WriteAttributes extends Attributes {
  /** Has `undo` run when nothing is written after all: what was taken for the write goes back. */
  onFailure(undo: () => Promise<void>): void;
  /** The form that the request is made in. */
  readonly form: Form;
  /** The other versions of the same kind. */
  readonly otherForms: readonly Form[];
  /** CreateOptions, UpdateOptions or DeleteOptions. */
  readonly options: object | null;
  readonly reinvocation: Reinvocation;
  readonly signal: AbortSignal;
}
