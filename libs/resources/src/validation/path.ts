/**
 * Where in an object a value lies, written as upstream writes field paths: `spec.containers[0].name`, `data[key]`. Most
 * paths are of values that nothing is wrong with, so the text is put together only when somebody wants it.
 */
export class Path {
  static readonly root: Path = new Path(undefined, '', '');
  readonly #parent: Path | undefined;
  readonly #opening: '' | '.' | '[';
  readonly #name: string | number;

  private constructor(parent: Path | undefined, opening: '' | '.' | '[', name: string | number) {
    this.#parent = parent;
    this.#opening = opening;
    this.#name = name;
  }

  child(...names: readonly string[]): Path {
    return new Path(this, this === Path.root ? '' : '.', names.length === 1 ? (names[0] ?? '') : names.join('.'));
  }

  index(position: number): Path {
    return new Path(this, '[', position);
  }

  key(key: string): Path {
    return new Path(this, '[', key);
  }

  toString(): string {
    return `${this.#parent?.toString() ?? ''}${this.#opening}${this.#name}${this.#opening === '[' ? ']' : ''}`;
  }
}

/** A path from the root of an object. */
export const at = (...names: readonly string[]): Path => Path.root.child(...names);
