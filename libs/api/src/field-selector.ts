import { badRequest } from './status';

/** One term of a field selector: `spec.nodeName=n1`, `metadata.name!=x`. */
export interface FieldTerm {
  readonly path: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export type FieldSelector = readonly FieldTerm[];

/** Splits at separators that are not escaped with a backslash; then resolves the escapes `\\`, `\,` and `\=`. */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = text.match(/(?:\\.|[^,\\])+/g) ?? [];
  return terms.map((term) => {
    const found = /^((?:\\.|[^=!\\])*)(!=|==|=)((?:\\.|[^\\])*)$/.exec(term.trim());
    if (!found) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, path = '', operator, value = ''] = found;
    return { path: path.trim(), operator: operator === '!=' ? '!=' : '=', value: unescape(value) };
  });
}

const unescape = (value: string): string => value.replace(/\\([\\,=])/g, '$1');

export function matchesFields(selector: FieldSelector, fields: (path: string) => string | undefined): boolean {
  return selector.every(({ path, operator, value }) => ((fields(path) ?? '') === value) === (operator === '='));
}
