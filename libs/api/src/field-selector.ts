import { badRequest } from './status';

/** One term of a field selector: `spec.nodeName=n1`, `metadata.name!=x`. */
export interface FieldTerm {
  readonly path: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export type FieldSelector = readonly FieldTerm[];

/**
 * Splits at commas that are not escaped with a backslash; then resolves the escapes `\\`, `\,` and `\=` of the values.
 * Empty terms are skipped. Throws BadRequest with upstream's messages.
 */
export function parseFieldSelector(text: string): FieldSelector {
  return splitTerms(text)
    .filter((term) => term !== '')
    .sort()
    .map((term) => parseTerm(text, term))
    .filter(({ path, value }) => path !== '' || value !== '');
}

/** The text that {@link parseFieldSelector} reads back as the same selector. */
export function formatFieldSelector(selector: FieldSelector): string {
  return selector.map(({ path, operator, value }) => `${path}${operator}${value.replace(/[\\,=]/g, '\\$&')}`).join(',');
}

function splitTerms(text: string): string[] {
  const terms = [];
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') {
      terms.push(text.slice(begin, at));
      begin = at + 1;
    }
  }
  return [...terms, text.slice(begin)];
}

function parseTerm(text: string, term: string): FieldTerm {
  const found = /!=|==|=/.exec(term);
  if (!found) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
  const [operator] = found;
  return {
    path: term.slice(0, found.index),
    operator: operator === '!=' ? '!=' : '=',
    value: unescape(term.slice(found.index + operator.length)),
  };
}

function unescape(value: string): string {
  return value.replace(/\\[^]?|[,=]/gu, (found) => {
    if (!found.startsWith('\\'))
      throw badRequest(`invalid field selector: unescaped character in value: ${found.charCodeAt(0)}`);
    if (!/^\\[\\,=]$/.test(found)) throw badRequest(`invalid field selector: invalid escape sequence: ${found}`);
    return found.slice(1);
  });
}

export function matchesFields(selector: FieldSelector, fields: (path: string) => string | undefined): boolean {
  return selector.every(({ path, operator, value }) => ((fields(path) ?? '') === value) === (operator === '='));
}
