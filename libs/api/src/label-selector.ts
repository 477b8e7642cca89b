import { labelValue, qualifiedName } from './names';
import { quote } from './quote';
import { newSelector, type Requirement, type Selector } from './selectors';
import { badRequest } from './status';

/**
 * Reads the text form of label selectors (`app=web,tier in (a, b),!old,size>3`) by upstream's grammar, with its
 * error messages (BadRequest). One pass over the text, one over the tokens.
 */
export function parseLabelSelector(text: string): Selector {
  const tokens = newTokens(text);
  const requirements: Requirement[] = [];
  while (!tokens.peek().end) {
    if (!startsRequirement(tokens.peek()))
      throw badRequest(`found '${tokens.peek().text}', expected: !, identifier, or 'end of string'`);
    requirements.push(parseRequirement(tokens));
    const next = tokens.take();
    if (next.end) break;
    if (next.text !== ',') throw badRequest(`found '${next.text}', expected: ',' or 'end of string'`);
    const after = tokens.peek();
    if (!startsRequirement(after)) throw badRequest(`found '${after.text}', expected: identifier after ','`);
  }
  return newSelector(requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
}

interface Token {
  readonly text: string;
  readonly word: boolean;
  readonly end: boolean;
}

interface Tokens {
  peek(): Token;
  take(): Token;
}

const endOfText: Token = { text: '', word: false, end: true };

/** Words, and the symbols `= == != ! ( ) , < >`; a NUL ends the text. */
function newTokens(text: string): Tokens {
  const nul = text.indexOf('\0');
  const found = (nul < 0 ? text : text.slice(0, nul)).match(/[^=!(),<>\s]+|==|!=|[=!(),<>]|[^ \t\r\n]/g) ?? [];
  let position = 0;
  const peek = (): Token => {
    const token = found[position];
    return token === undefined ? endOfText : { text: token, word: !/^[=!(),<>]/.test(token), end: false };
  };
  return {
    peek,
    take: () => {
      const token = peek();
      position++;
      return token;
    },
  };
}

const startsRequirement = (token: Token): boolean => token.word || token.text === '!';

const wrong = (message: string): never => {
  throw badRequest(`unable to parse requirement: ${message}`);
};

function parseRequirement(tokens: Tokens): Requirement {
  const negated = tokens.peek().text === '!';
  if (negated) tokens.take();
  const { text: key, word } = tokens.take();
  if (!word) wrong(`found '${key}', expected: identifier`);
  checkKey(key);
  if (negated) return { key, operator: 'doesNotExist', values: [] };
  const next = tokens.peek();
  if (next.end || next.text === ',') return { key, operator: 'exists', values: [] };
  const operator = parseOperator(tokens);
  const values = operator === 'in' || operator === 'notin' ? parseValues(tokens) : [parseExactValue(tokens)];
  checkValues(key, operator, values);
  return { key, operator, values };
}

const operators: ReadonlyMap<string, Requirement['operator']> = new Map([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);

function parseOperator(tokens: Tokens): Requirement['operator'] {
  const { text } = tokens.take();
  return operators.get(text) ?? wrong(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
}

function parseExactValue(tokens: Tokens): string {
  const next = tokens.peek();
  if (next.end || next.text === ',') return '';
  const { text, word } = tokens.take();
  return word ? text : wrong(`found '${text}', expected: identifier`);
}

function parseValues(tokens: Tokens): readonly string[] {
  const open = tokens.take().text;
  if (open !== '(') wrong(`found '${open}' expected: '('`);
  const first = tokens.peek();
  if (!first.word && first.text !== ',' && first.text !== ')')
    wrong(`found '${first.text}', expected: ',', ')' or identifier`);
  const values = first.text === ')' ? new Set<string>() : parseList(tokens);
  tokens.take();
  return [...values].sort();
}

/** Words between commas, up to the closing parenthesis; nothing between commas is the empty value. */
function parseList(tokens: Tokens): Set<string> {
  const values = new Set<string>();
  for (let previous = ','; tokens.peek().text !== ')' || previous === ',';) {
    const token = tokens.peek();
    const expected = previous === ',' ? "',', or identifier" : "',' or ')'";
    const fits = token.text === ',' || (previous === ',' && (token.word || token.text === ')'));
    if (!fits) wrong(`found '${token.text}', expected: ${expected}`);
    if (previous === ',') values.add(token.word ? token.text : '');
    if (token.text === ')') break;
    previous = tokens.take().text;
  }
  return values;
}

function checkKey(key: string): void {
  const errors = qualifiedName(key);
  if (errors.length > 0) wrong(`<nil>: Invalid value: ${quote(key)}: ${errors.join('; ')}`);
}

function checkValues(key: string, operator: Requirement['operator'], values: readonly string[]): void {
  const integers = operator === 'gt' || operator === 'lt';
  const errors = values.flatMap((value, index) => [
    ...(integers && !isInt64(value)
      ? [`values[${index}]: Invalid value: ${quote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`]
      : []),
    ...[labelValue(value).join('; ')]
      .filter((message) => message !== '')
      .map((message) => `values[${index}][${key}]: Invalid value: ${quote(value)}: ${message}`),
  ]);
  if (errors.length > 0) wrong(errors.length === 1 ? errors.join('') : `[${errors.join(', ')}]`);
}

function isInt64(text: string): boolean {
  return (
    /^[+-]?\d{1,30}$/.test(text) && BigInt.asIntN(64, BigInt(text.replace('+', ''))) === BigInt(text.replace('+', ''))
  );
}
