/** Where in an object a value lies, written as upstream writes field paths: `spec.containers[0].name`, `data[key]`. */
export class Path {
  static readonly root: Path = new Path('');
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  child(...names: readonly string[]): Path {
    const tail = names.join('.');
    return new Path(this.#text ? `${this.#text}.${tail}` : tail);
  }

  index(position: number): Path {
    return new Path(`${this.#text}[${position}]`);
  }

  key(key: string): Path {
    return new Path(`${this.#text}[${key}]`);
  }

  toString(): string {
    return this.#text;
  }
}

/** A path from the root of an object. */
export const at = (...names: readonly string[]): Path => Path.root.child(...names);
