/** What a configuration file says, field by field: every other field, and every other type, is an error. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /** `known`: the names that fields may have. */
  constructor(value: unknown, path: string, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error(`${path || 'configuration'}: expected an object`);
    }
    this.#value = value as Readonly<Record<string, unknown>>;
    this.#path = path;
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new Error(`strict decoding error: unknown field ${JSON.stringify(this.#at(unknown))}`);
  }

  /** Any value; undefined: it is not there. */
  value(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? (this.#value[name] ?? undefined) : undefined;
  }

  text(name: string): string {
    const value = this.value(name) ?? '';
    if (typeof value !== 'string') throw new Error(`${this.#at(name)}: expected a string`);
    return value;
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') throw new Error(`${this.#at(name)}: expected strings`);
      return value;
    });
  }

  list(name: string): readonly unknown[] {
    const value = this.value(name) ?? [];
    if (!Array.isArray(value)) throw new Error(`${this.#at(name)}: expected a list`);
    return value as readonly unknown[];
  }

  fields(name: string, known: readonly string[]): Fields {
    return new Fields(this.value(name) ?? {}, this.#at(name), known);
  }

  #at(name: string): string {
    return this.#path ? `${this.#path}.${name}` : name;
  }
}

export interface ConfigurationKind {
  readonly kind: string;
  /** Those that are understood; they are all read alike. */
  readonly apiVersions: readonly string[];
  readonly fields: readonly string[];
}

/** The fields of a configuration of this kind. Throws where it is of another. */
export function readConfiguration(value: unknown, { kind, apiVersions, fields }: ConfigurationKind): Fields {
  const read = new Fields(value, '', ['apiVersion', 'kind', ...fields]);
  const given = [read.text('apiVersion'), read.text('kind')] as const;
  if (given[1] === kind && apiVersions.includes(given[0])) return read;
  throw new Error(`no kind ${JSON.stringify(given[1])} is registered for version ${JSON.stringify(given[0])}`);
}
