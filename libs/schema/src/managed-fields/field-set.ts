import { sortElements } from './path-element';

/**
 * A set of paths in upstream's FieldsV1 form, used as it is stored: an empty node is a member, a node with children is
 * one only if it has `.`. The root is no path: `{}` there is the empty set. Keys are path elements (`f:name`,
 * `k:{"name":"c"}`, `v:"x"`, `i:0`), so none can meet a name of Object.prototype. Sets are never changed, but built.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

interface Building {
  [element: string]: Building;
}

export const emptySet: FieldSet = {};

export function isEmpty(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the path that leads to this node is in the set. */
export function isMember(node: FieldSet | undefined): boolean {
  return node !== undefined && ('.' in node || isEmpty(node));
}

interface Node {
  member: boolean;
  children?: Map<string, Node>;
  /** All of it, where that was put together elsewhere. */
  whole?: FieldSet;
}

/** Collects the paths of a walk, in whatever order it takes, at a cost that does not grow with what is there. */
export class FieldSetBuilder {
  readonly #path: string[] = [];
  /** The nodes of the beginning of the path, as far as they are needed: the root always is. */
  readonly #nodes: Node[] = [{ member: false }];

  enter(element: string): void {
    this.#path.push(element);
  }

  leave(): void {
    this.#path.pop();
    if (this.#nodes.length > this.#path.length + 1) this.#nodes.pop();
  }

  /** Makes the path that the walk is at a member. */
  insert(): void {
    this.#reach().member = true;
  }

  /** Puts a node at the path that the walk is at, and will not be at again. */
  graft(node: FieldSet): void {
    this.#reach().whole = node;
  }

  /** At the end of the walk: what was collected. */
  build(): FieldSet {
    return write(this.#last, false);
  }

  #reach(): Node {
    for (const element of this.#path.slice(this.#nodes.length - 1)) this.#nodes.push(childOf(this.#last, element));
    return this.#last;
  }

  get #last(): Node {
    return this.#nodes[this.#nodes.length - 1] as Node;
  }
}

function childOf(node: Node, element: string): Node {
  const children = (node.children ??= new Map<string, Node>());
  const known = children.get(element);
  if (known) return known;
  const child: Node = { member: false };
  children.set(element, child);
  return child;
}

function write({ children, whole }: Node, member: boolean): FieldSet {
  if (whole) return whole;
  const set: Building = member && children ? { '.': {} } : {};
  if (children) for (const [element, child] of children) set[element] = write(child, child.member);
  return set;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  const all: Building = { ...a };
  for (const element of elements(b)) {
    const [left, right] = [a[element], b[element]];
    if (right) all[element] = left ? unionOfNodes(left, right) : right;
  }
  return all;
}

function unionOfNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  const all = union(a, b);
  const member = isMember(a) || isMember(b);
  return member && !isEmpty(all) && !('.' in all) ? { '.': {}, ...all } : all;
}

/** What becomes of a node by another one at the same place; undefined: nothing. */
type Combine = (mine: FieldSet, theirs: FieldSet) => FieldSet | undefined;

/** A node of what becomes of the children of another one; undefined when it is no member and holds none. */
function combined(member: boolean, mine: FieldSet, child: (element: string, node: FieldSet) => FieldSet | undefined) {
  const node: Building = member ? { '.': {} } : {};
  let isLeaf = true;
  for (const element of elements(mine)) {
    const below = child(element, mine[element] ?? {});
    if (!below) continue;
    node[element] = below;
    isLeaf = false;
  }
  if (!isLeaf) return node;
  return member ? {} : undefined;
}

/** What has no counterpart stays. */
const without = (mine: FieldSet, theirs: FieldSet, member: boolean, less: Combine): FieldSet | undefined =>
  combined(member, mine, (element, node) => {
    const other = theirs[element];
    return other ? less(node, other) : node;
  });

const lessPaths: Combine = (mine, theirs) => without(mine, theirs, isMember(mine) && !isMember(theirs), lessPaths);

const lessTrees: Combine = (mine, theirs) =>
  isMember(theirs) ? undefined : without(mine, theirs, isMember(mine), lessTrees);

const common: Combine = (mine, theirs) =>
  combined(isMember(mine) && isMember(theirs), mine, (element, node) => {
    const other = theirs[element];
    return other && common(node, other);
  });

/** The paths of `a` that are not in `b`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmpty(a) || isEmpty(b) ? a : (without(a, b, false, lessPaths) ?? emptySet);

/** The paths of `a` that are neither in `b` nor below one of `b`. */
export const recursiveDifference = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmpty(a) || isEmpty(b) ? a : (without(a, b, false, lessTrees) ?? emptySet);

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const both: Building = {};
  for (const element of elements(a)) {
    const [mine, theirs] = [a[element], b[element]];
    const below = mine && theirs && common(mine, theirs);
    if (below) both[element] = below;
  }
  return both;
}

/** The elements right below a node, without the mark of its own membership. */
export function elements(node: FieldSet): readonly string[] {
  const keys = Object.keys(node);
  return '.' in node ? keys.filter((key) => key !== '.') : keys;
}

/** What lies below a node, as a set of its own. */
export function childrenOf(node: FieldSet): FieldSet {
  if (!('.' in node)) return node;
  const { '.': _, ...children } = node;
  return children;
}

/** The set with `.` first and elements in upstream's order, as it is written: the very set when it is so already. */
export function sorted(set: FieldSet): FieldSet {
  const keys = Object.keys(set);
  const ordered = inOrder(keys);
  let isSame = ordered === keys;
  const children = ordered.map((key) => {
    const child = set[key] ?? {};
    const below = sorted(child);
    if (below !== child) isSame = false;
    return below;
  });
  if (isSame) return set;
  const written: Building = {};
  ordered.forEach((key, i) => (written[key] = children[i] ?? {}));
  return written;
}

/** The very keys when they are in order. */
function inOrder(keys: readonly string[]): readonly string[] {
  if (keys.length < 2) return keys;
  const mark = keys.indexOf('.');
  if (mark < 0) return sortElements(keys);
  const others = mark === 0 ? keys.slice(1) : keys.filter((key) => key !== '.');
  const ordered = sortElements(others);
  return mark === 0 && ordered === others ? keys : ['.', ...ordered];
}

/** Every path of the set: those right here first, then what lies below, both in order. */
export function* paths(set: FieldSet, prefix: readonly string[] = []): Generator<readonly string[]> {
  const here = sortElements(elements(set));
  for (const element of here) if (isMember(set[element])) yield [...prefix, element];
  for (const element of here) yield* paths(childrenOf(set[element] ?? {}), [...prefix, element]);
}
