import type { ObjectSchema, Schema } from '../schema';
import { isRecord } from './convert';
import { endOfString } from './inspect';

/** As many as upstream reports; nothing is read any more after them. */
const maxProblems = 100;

/**
 * Unknown and duplicate fields of JSON text, in the order of the text: `unknown field "spec.foo"`,
 * `duplicate field "metadata.name"`. The text must be well-formed. What is inside unknown fields or open JSON is not
 * looked at, as upstream does not.
 */
export function strictProblems(schema: ObjectSchema, text: string): readonly string[] {
  const reader = new StrictReader(text);
  reader.read(schema, '');
  return [...reader.problems];
}

/** Unknown fields of a parsed value, sorted by name as values that came as YAML are. */
export function unknownFields(schema: ObjectSchema, value: unknown): readonly string[] {
  const problems = new Set<string>();
  collect(schema, value, '', problems);
  return [...problems];
}

class StrictReader {
  readonly problems = new Set<string>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(schema: Schema | undefined, path: string): void {
    const start = this.#peek();
    if (start === '{') this.#object(schema, path);
    else if (start === '[') this.#list(schema?.type === 'list' ? schema.items : undefined, path);
    else if (start === '"') this.#at = endOfString(this.#text, this.#at) + 1;
    else this.#skipWord();
  }

  #object(schema: Schema | undefined, path: string): void {
    const seen = new Set<string>();
    this.#at++;
    while (this.#peek() !== '}' && this.problems.size < maxProblems) {
      const key = this.#key();
      const below = path ? `${path}.${key}` : key;
      if (seen.has(key) && hasChildren(schema)) this.#report('duplicate', below);
      seen.add(key);
      const child = childOf(schema, key);
      if (!child && isClosed(schema)) this.#report('unknown', below);
      this.read(child, below);
      if (this.#peek() === ',') this.#at++;
    }
    this.#at++;
  }

  #list(items: Schema | undefined, path: string): void {
    this.#at++;
    for (let index = 0; this.#peek() !== ']' && this.problems.size < maxProblems; index++) {
      this.read(items, items ? `${path}[${index}]` : path);
      if (this.#peek() === ',') this.#at++;
    }
    this.#at++;
  }

  #key(): string {
    const start = this.#at;
    this.#at = endOfString(this.#text, start) + 1;
    const raw = this.#text.slice(start + 1, this.#at - 1);
    const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
    this.#at = this.#text.indexOf(':', this.#at) + 1;
    return key;
  }

  #peek(): string {
    while (this.#at < this.#text.length && ' \t\r\n'.includes(this.#text.charAt(this.#at))) this.#at++;
    return this.#text.charAt(this.#at);
  }

  #skipWord(): void {
    while (!',]} \t\r\n'.includes(this.#text.charAt(this.#at))) this.#at++;
  }

  #report(kind: 'duplicate' | 'unknown', path: string): void {
    this.problems.add(`${kind} field ${JSON.stringify(path)}`);
  }
}

function childOf(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type === 'map') return schema.values;
  return schema?.type === 'object' ? schema.fields.get(key)?.schema : undefined;
}

const hasChildren = (schema: Schema | undefined): boolean => schema?.type === 'object' || schema?.type === 'map';

const isClosed = (schema: Schema | undefined): boolean => schema?.type === 'object' && !schema.preserveUnknown;

function collect(schema: Schema, value: unknown, path: string, problems: Set<string>): void {
  if (Array.isArray(value) && schema.type === 'list') {
    for (const [index, item] of value.entries()) collect(schema.items, item, `${path}[${index}]`, problems);
  }
  if (!isRecord(value) || !hasChildren(schema)) return;
  for (const [key, below] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const child = childOf(schema, key);
    const at = path ? `${path}.${key}` : key;
    if (child) collect(child, below, at, problems);
    else if (isClosed(schema) && problems.size < maxProblems) problems.add(`unknown field ${JSON.stringify(at)}`);
  }
}
