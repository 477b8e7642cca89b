import { facts, type Facts } from './facts';
import { parseDefinitions, type Definition } from './notation';
import type { Field, ObjectSchema, SchemaRegistry } from './schema';

/** A built-in definition. Its fields are parsed when first asked for: most processes need few of the 770. */
class LazyObject implements ObjectSchema {
  readonly type = 'object';
  readonly name: string;
  readonly isKind?: true;
  readonly mapType?: 'atomic';
  readonly unions?: NonNullable<ObjectSchema['unions']>;
  readonly #definition: Definition;
  readonly #refer: (name: string) => ObjectSchema;
  #fields?: ReadonlyMap<string, Field>;

  constructor(name: string, definition: Definition, refer: (name: string) => ObjectSchema) {
    this.name = name;
    this.#definition = definition;
    this.#refer = refer;
    if (definition.isKind) this.isKind = true;
    if (definition.atomic) this.mapType = 'atomic';
    if (definition.unions) this.unions = definition.unions;
  }

  get fields(): ReadonlyMap<string, Field> {
    return (this.#fields ??= withTypeMeta(this.isKind, this.#definition.fields(this.#refer)));
  }
}

function withTypeMeta(isKind: true | undefined, fields: ReadonlyMap<string, Field>): ReadonlyMap<string, Field> {
  if (!isKind) return fields;
  const typeMeta = ['kind', 'apiVersion'].map((name): Field => ({ name, schema: { type: 'string' }, zero: 'omit' }));
  return new Map([...typeMeta.map((field) => [field.name, field] as const), ...fields]);
}

/** The definitions of one file, indexed when one of them is first asked for. */
class Package {
  readonly #facts: Facts;
  readonly #refer: (alias: string, name: string) => ObjectSchema;
  readonly #objects = new Map<string, ObjectSchema>();
  #definitions?: ReadonlyMap<string, Definition>;

  constructor(ofPackage: Facts, refer: (alias: string, name: string) => ObjectSchema) {
    this.#facts = ofPackage;
    this.#refer = refer;
  }

  get definitions(): ReadonlyMap<string, Definition> {
    return (this.#definitions ??= parseDefinitions(this.#facts.text));
  }

  find(name: string): ObjectSchema | undefined {
    const known = this.#objects.get(name);
    if (known) return known;
    const definition = this.definitions.get(name);
    if (!definition) return undefined;
    const object = new LazyObject(`${this.#facts.prefix}.${name}`, definition, (other) => this.#resolve(other));
    this.#objects.set(name, object);
    return object;
  }

  #resolve(reference: string): ObjectSchema {
    const dot = reference.lastIndexOf('.');
    if (dot >= 0) return this.#refer(reference.slice(0, dot), reference.slice(dot + 1));
    return this.#refer(this.#facts.alias, reference);
  }
}

/** Builds a registry over files of facts; `newRegistry(facts)` is what `schemas` is. */
export function newRegistry(sources: readonly Facts[]): SchemaRegistry {
  const byAlias = new Map<string, Package>();
  const byPrefix = new Map<string, Package>();
  const refer = (alias: string, name: string): ObjectSchema => {
    const found = byAlias.get(alias)?.find(name);
    if (!found) throw new Error(`no definition ${alias}.${name}`);
    return found;
  };
  for (const source of sources) {
    const ofPackage = new Package(source, refer);
    byAlias.set(source.alias, ofPackage);
    byPrefix.set(source.prefix, ofPackage);
  }
  const find = (name: string): ObjectSchema | undefined => {
    const dot = name.lastIndexOf('.');
    return byPrefix.get(name.slice(0, dot))?.find(name.slice(dot + 1));
  };
  return {
    get(name) {
      const found = find(name);
      if (!found) throw new Error(`no definition ${name}`);
      return found;
    },
    has: (name) => find(name) !== undefined,
    names: () =>
      sources.flatMap(({ prefix }) =>
        [...(byPrefix.get(prefix)?.definitions.keys() ?? [])].map((name) => `${prefix}.${name}`),
      ),
  };
}

/** All definitions built in, parsed as they are needed. */
export const schemas: SchemaRegistry = newRegistry(facts);
