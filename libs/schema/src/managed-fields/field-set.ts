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
  readonly children: Map<string, Node>;
}

const newNode = (): Node => ({ member: false, children: new Map() });

/** Collects paths, in any order, at a cost that does not grow with what is there. */
export class FieldSetBuilder {
  readonly #root = newNode();

  insert(path: readonly string[]): void {
    let node = this.#root;
    for (const element of path) {
      let next = node.children.get(element);
      if (!next) node.children.set(element, (next = newNode()));
      node = next;
    }
    node.member = true;
  }

  build(): FieldSet {
    return write(this.#root, false);
  }
}

function write({ children }: Node, member: boolean): FieldSet {
  const set: Building = member && children.size > 0 ? { '.': {} } : {};
  for (const [element, child] of children) set[element] = write(child, child.member);
  return set;
}

/** Puts a node together: nothing at all when it is no member and holds none. */
function assign(
  target: Building,
  element: string,
  node: { readonly member: boolean; readonly children: FieldSet },
): void {
  if (isEmpty(node.children)) {
    if (node.member) target[element] = {};
  } else target[element] = node.member ? { '.': {}, ...node.children } : node.children;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  const all = { ...a };
  for (const element of elements(b)) {
    const [left, right] = [a[element], b[element]];
    if (left && right)
      assign(all, element, {
        member: isMember(left) || isMember(right),
        children: union(childrenOf(left), childrenOf(right)),
      });
    else if (right) all[element] = right;
  }
  return all;
}

/** The paths of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a;
  const left: Building = {};
  for (const element of elements(a)) {
    const [mine, theirs] = [a[element] ?? {}, b[element]];
    if (!theirs) left[element] = mine;
    else
      assign(left, element, {
        member: isMember(mine) && !isMember(theirs),
        children: difference(childrenOf(mine), childrenOf(theirs)),
      });
  }
  return left;
}

/** The paths of `a` that are neither in `b` nor below one of `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a;
  const left: Building = {};
  for (const element of elements(a)) {
    const [mine, theirs] = [a[element] ?? {}, b[element]];
    if (!theirs) left[element] = mine;
    else if (!isMember(theirs))
      assign(left, element, {
        member: isMember(mine),
        children: recursiveDifference(childrenOf(mine), childrenOf(theirs)),
      });
  }
  return left;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const both: Building = {};
  for (const element of elements(a)) {
    const [mine, theirs] = [a[element], b[element]];
    if (mine && theirs)
      assign(both, element, {
        member: isMember(mine) && isMember(theirs),
        children: intersection(childrenOf(mine), childrenOf(theirs)),
      });
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

/** The set with `.` first and elements in upstream's order, as it is written. */
export function sorted(set: FieldSet): FieldSet {
  const ordered: Building = {};
  if ('.' in set) ordered['.'] = {};
  for (const element of sortElements(elements(set))) ordered[element] = sorted(set[element] ?? {});
  return ordered;
}

/** Every path of the set: those right here first, then what lies below, both in order. */
export function* paths(set: FieldSet, prefix: readonly string[] = []): Generator<readonly string[]> {
  const here = sortElements(elements(set));
  for (const element of here) if (isMember(set[element])) yield [...prefix, element];
  for (const element of here) yield* paths(childrenOf(set[element] ?? {}), [...prefix, element]);
}
