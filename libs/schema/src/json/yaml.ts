import {
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  stringify,
  visit,
  type Document,
  type Tags,
  type YAMLError,
} from 'yaml';
import { countMembers } from './convert';
import { DecodeError } from './error';
import { inspectJson, maxDepth } from './inspect';

/** References to anchors beyond this expand to more than anybody means. */
const maxAliases = 100;

/**
 * Parts (keys, values, signs, spaces) a document may have: some 30,000 lines. The reader takes some 10 µs for each, and
 * nothing else is served meanwhile. JSON, which YAML contains, has no such limit.
 */
const maxLexemes = 200_000;

/** Kinds of values that YAML 1.1 knows and upstream's reader does not: times, sets, numbers to the base of 60. */
const foreign = /:(timestamp|binary|set|omap|pairs)$/;

/** Numbers with a point or an exponent as upstream's reader knows them: `.`, `e5` and `.e5` have no digits and are texts. */
const withPoint = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/;
const withExponent = /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$/;

type Tag = Tags[number];

function withDigits(tag: Tag): Tag {
  if (typeof tag === 'string' || tag.collection || !tag.tag.endsWith(':float')) return tag;
  // Infinities are told by words.
  if (tag.test?.test('.inf')) return tag;
  return { ...tag, test: tag.format === 'EXP' ? withExponent : withPoint };
}

/** The reading of YAML 1.1 that Kubernetes uses: `yes` and `0644` are no strings, dates are. */
const reading = {
  version: '1.1' as const,
  merge: true,
  uniqueKeys: false,
  strict: false,
  logLevel: 'silent' as const,
  customTags: (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag === 'string' || (!foreign.test(tag.tag) && tag.format !== 'TIME')).map(withDigits),
};

export interface ParsedYaml {
  readonly value: unknown;
  /** `line 5: key "name" already set in map`; the last one counts. */
  readonly duplicates: readonly string[];
}

/** The first document of a YAML text, as JSON values. Throws DecodeError with upstream's message. */
export function parseYaml(text: string): ParsedYaml {
  const json = parseAsJson(text);
  if (json !== undefined) return { value: json, duplicates: [] };
  const lines = new LineCounter();
  try {
    checkSize(text);
    const document = parseDocument(text, { ...reading, lineCounter: lines });
    const problem = document.errors.find((err) => err.code !== 'MULTIPLE_DOCS');
    if (problem) throw new DecodeError(messageOf(problem));
    return { value: document.toJS({ maxAliasCount: maxAliases }), duplicates: duplicatesOf(document, lines) };
  } catch (err) {
    if (err instanceof DecodeError) throw err;
    if (err instanceof RangeError) throw new DecodeError(tooDeep);
    throw new DecodeError(`yaml: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
  }
}

const tooDeep = 'yaml: exceeded max depth';

/** The value of a text that is JSON without duplicate keys, which is what kubectl sends as YAML. */
function parseAsJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  const { members, depth } = inspectJson(text);
  if (depth > maxDepth) throw new DecodeError(tooDeep);
  try {
    const value: unknown = JSON.parse(text);
    return countMembers(value) === members ? value : undefined;
  } catch {
    return undefined; // Flow style, perhaps: YAML will say what is wrong.
  }
}

function checkSize(text: string): void {
  let lexemes = 0;
  for (const _ of new Lexer().lex(text)) {
    if (++lexemes > maxLexemes) throw new DecodeError('yaml: document has too many parts; send it as JSON');
  }
}

/** YAML text of an object, quoted so that readers of YAML 1.1 and 1.2 see the same values. */
export const encodeYaml = (object: unknown): string =>
  stringify(object, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false, indentSeq: false });

const messages: Partial<Record<YAMLError['code'], string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  TAB_AS_INDENT: 'found a tab character that violates indentation',
  BAD_INDENT: 'did not find expected key',
  MISSING_CHAR: 'did not find expected key',
};

function messageOf({ code, message, linePos }: YAMLError): string {
  if (message.includes('call stack')) return tooDeep;
  const line = linePos?.[0].line ?? 1;
  return `yaml: ${line > 1 ? `line ${line}: ` : ''}${messages[code] ?? message.replace(/ at line [^]*$/, '')}`;
}

function duplicatesOf(document: Document.Parsed, lines: LineCounter): readonly string[] {
  const found: string[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          found.push(
            `line ${lines.linePos(key.range?.[0] ?? 0).line}: key ${JSON.stringify(key.value)} already set in map`,
          );
        }
        seen.add(key.value);
      }
    },
  });
  return found;
}
