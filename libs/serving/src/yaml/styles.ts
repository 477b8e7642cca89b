import { isReadAsText } from './resolves';

/** How a text is written: libyaml's four ways, of which folding is used for none. */
export type Style = 'plain' | 'single' | 'double' | 'literal';

/** What a text must not begin with unless it is quoted; `-`, `?` and `:` only before a space. */
const indicatorFirst = /^(?:[#,[\]{}&*!|>'"%@`]|[-?:](?:\s|$)|---|\.\.\.)/;
const indicatorWithin = /:(?:\s|$)|\s#/;
/** What only an escape can show: tabs and other controls, separators of lines, and what has no place in 16 bits. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const special = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
const spaceAtEdge = /^[ \n]|[ \n]$/;

/** The style of a value; of a key, which has one line, when `simple`. */
export function styleOf(text: string, simple = false): Style {
  const lines = text.includes('\n');
  if (special.test(text) || / \n/.test(text)) return 'double';
  if (lines) return simple || text.endsWith(' ') ? 'double' : 'literal';
  if (!isReadAsText(text)) return 'double';
  return spaceAtEdge.test(text) || indicatorFirst.test(text) || indicatorWithin.test(text) ? 'single' : 'plain';
}
