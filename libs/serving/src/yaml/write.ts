import { naturally } from './key-order';
import { writeText } from './scalars';
import { styleOf } from './styles';

/**
 * A JSON value as YAML, byte for byte as upstream's library lays it out: keys sorted, lists not indented, lines broken
 * beyond 80 columns, quotes only where a text would be read as something else.
 */
export const writeYaml = (value: unknown): string =>
  `${isNested(value) ? block(value, 0) : leaf(value, { column: 0, indent: 0 })}\n`;

type Nested = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Whether the value takes lines of its own. */
const isNested = (value: unknown): value is Nested =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

const block = (value: Nested, indent: number): string =>
  Array.isArray(value) ? list(value, indent) : mapping(value as Readonly<Record<string, unknown>>, indent);

function mapping(value: Readonly<Record<string, unknown>>, indent: number): string {
  const margin = ' '.repeat(indent);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries
    .sort(([a], [b]) => naturally(a, b))
    .map(([key, one]) => margin + entry(key, one, indent))
    .join('\n');
}

/** Beyond this a key is announced by a question mark. */
const simpleKeyBytes = 128;

function entry(key: string, value: unknown, indent: number): string {
  const name = writeText(key, styleOf(key, true), { column: indent, indent, folds: false });
  const simple = Buffer.byteLength(key) <= simpleKeyBytes;
  const head = simple ? `${name}:` : `? ${name}\n${' '.repeat(indent)}:`;
  if (isNested(value)) {
    if (!simple) return `${head} ${block(value, indent + 2).slice(indent + 2)}`;
    // A list stands where its key does.
    return `${head}\n${block(value, Array.isArray(value) ? indent : indent + 2)}`;
  }
  return `${head} ${leaf(value, { column: indent + (simple ? name.length : 0) + 2, indent: indent + 2 })}`;
}

function list(items: readonly unknown[], indent: number): string {
  const margin = ' '.repeat(indent);
  const inner = indent + 2;
  const written = items.map((item) =>
    isNested(item) ? block(item, inner).slice(inner) : leaf(item, { column: inner, indent: inner }),
  );
  return written.map((item) => `${margin}- ${item}`).join('\n');
}

function leaf(value: unknown, place: { readonly column: number; readonly indent: number }): string {
  if (typeof value === 'string') return writeText(value, styleOf(value), { ...place, folds: true });
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  return value === undefined ? 'null' : JSON.stringify(value);
}
