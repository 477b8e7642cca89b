import { formatFieldSelector, matchesFields, parseFieldSelector } from './field-selector';
import { parseLabelSelector } from './label-selector';
import { badRequest } from './status';

const namePart =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('label selector', () => {
  it.each([
    ['', ''],
    ['a', 'a'],
    ['!a', '!a'],
    [' b , a ', 'a,b'],
    ['a=', 'a='],
    ['a==b,c!=d', 'a=b,c!=d'],
    ['a in (y,x)', 'a in (x,y)'],
    ['a in (x,)', 'a in (,x)'],
    ['a in (,)', 'a in ()'],
    ['a in ()', 'a in ()'],
    ['a notin (x)', 'a notin (x)'],
    ['a>1,b<2', 'a>1,b<2'],
    ['in', 'in'],
    ['in in (in)', 'in in (in)'],
    ['example.com/a=b', 'example.com/a=b'],
  ])('reads %j as %j', (text, printed) => {
    expect(parseLabelSelector(text).toString()).toBe(printed);
  });

  it.each([
    ['a b c', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['=', "found '=', expected: !, identifier, or 'end of string'"],
    [',,', "found ',', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['a in (x', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (x y)', "unable to parse requirement: found 'y', expected: ',' or ')'"],
    ['a in (x,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['a notin x', "unable to parse requirement: found 'x' expected: '('"],
    ['-a', `unable to parse requirement: <nil>: Invalid value: "-a": name part ${namePart}`],
    [
      'a>x',
      `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(badRequest(message));
  });

  it('selects what it says', () => {
    const selects = (text: string, labels: Record<string, string>): boolean => parseLabelSelector(text).matches(labels);
    expect(selects('a in (x,)', { a: '' })).toBe(true);
    expect(selects('a in ()', { a: 'x' })).toBe(false);
    expect(selects('a!=x', {})).toBe(true);
    expect(selects('constructor', {})).toBe(false);
    expect(selects('n>9', { n: '10' })).toBe(true);
  });
});

describe('field selector', () => {
  it.each([
    ['', []],
    [',,', []],
    ['=', []],
    ['metadata.name=', [{ path: 'metadata.name', operator: '=', value: '' }]],
    [
      'b==x,a!=y',
      [
        { path: 'a', operator: '!=', value: 'y' },
        { path: 'b', operator: '=', value: 'x' },
      ],
    ],
    ['a=x\\,y\\=\\\\', [{ path: 'a', operator: '=', value: 'x,y=\\' }]],
  ])('reads %j', (text, terms) => {
    const selector = parseFieldSelector(text);
    expect(selector).toEqual(terms);
    expect(parseFieldSelector(formatFieldSelector(selector))).toEqual(selector);
  });

  it.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['metadata.name in (a)', "invalid selector: 'metadata.name in (a)'; can't understand 'metadata.name in (a)'"],
    ['a=b\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
  ])('refuses %j', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(badRequest(message));
  });

  it('takes an absent field for an empty one', () => {
    expect(matchesFields(parseFieldSelector('spec.nodeName='), () => undefined)).toBe(true);
    expect(matchesFields(parseFieldSelector('spec.nodeName!='), () => undefined)).toBe(false);
  });
});
