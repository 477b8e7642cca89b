import { isScalar, LineCounter, parseDocument, stringify, visit, type Document, type Tags, type YAMLError } from 'yaml';
import { DecodeError } from './error';

/** References to anchors beyond this expand to more than anybody means. */
const maxAliases = 100;

/** Kinds of values that YAML 1.1 knows and upstream's reader does not: times, sets, numbers to the base of 60. */
const foreign = /:(timestamp|binary|set|omap|pairs)$/;

/** The reading of YAML 1.1 that Kubernetes uses: `yes` and `0644` are no strings, dates are. */
const reading = {
  version: '1.1' as const,
  merge: true,
  uniqueKeys: false,
  strict: false,
  logLevel: 'silent' as const,
  customTags: (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag === 'string' || (!foreign.test(tag.tag) && tag.format !== 'TIME')),
};

export interface ParsedYaml {
  readonly value: unknown;
  /** `line 5: key "name" already set in map`; the last one counts. */
  readonly duplicates: readonly string[];
}

/** The first document of a YAML text, as JSON values. Throws DecodeError with upstream's message. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { ...reading, lineCounter: lines });
    const problem = document.errors.find((err) => err.code !== 'MULTIPLE_DOCS');
    if (problem) throw new DecodeError(messageOf(problem));
    return { value: document.toJS({ maxAliasCount: maxAliases }), duplicates: duplicatesOf(document, lines) };
  } catch (err) {
    if (err instanceof DecodeError) throw err;
    if (err instanceof RangeError) throw new DecodeError('yaml: exceeded max depth');
    throw new DecodeError(`yaml: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
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
