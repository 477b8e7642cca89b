import { compare, type Answer } from './testing';

const failure = (message: string, causes: readonly object[] = [], reason = 'Invalid'): Answer => ({
  status: 422,
  body: { kind: 'Status', status: 'Failure', message, reason, details: { name: 'x', causes }, code: 422 },
});
const cause = (field: string, message: string): object => ({ reason: 'FieldValueInvalid', field, message });
const levelsOf = (want: Answer, got: Answer): readonly string[] => compare(want, got).map(({ level }) => level);

it.each<[string, Answer, Answer, readonly string[]]>([
  ['nothing', { status: 200, body: { a: [1] } }, { status: 200, body: { a: [1] } }, []],
  ['the code', { status: 200, body: 1 }, { status: 201, body: 2 }, ['code']],
  ['a value', { status: 200, body: { a: [1] } }, { status: 200, body: { a: [2] } }, ['body']],
  [
    'what is missing and what is more',
    { status: 200, body: { a: 1 } },
    { status: 200, body: { b: 1 } },
    ['body', 'body'],
  ],
  ['an order', { status: 200, body: ['a', 'b'] }, { status: 200, body: ['b', 'a'] }, ['body', 'body']],
  ['null and absent', { status: 200, body: { a: null } }, { status: 200, body: {} }, ['body']],
  ['a body that is not looked at', { status: 200 }, { status: 200, body: 'x' }, []],
  ['a warning', { status: 200, warnings: ['a'] }, { status: 200, warnings: [] }, ['warnings']],
  ['a warning that is not wanted', { status: 200 }, { status: 200, warnings: ['a'] }, ['warnings']],
  ['a header', { status: 200, headers: { allow: 'GET' } }, { status: 200, headers: { vary: 'x' } }, ['headers']],
  ['a header that is not named', { status: 200, headers: {} }, { status: 200, headers: { vary: 'x' } }, []],
  ['a reason', failure('m', [], 'Conflict'), failure('m'), ['reason']],
  ['a message', failure('m'), failure('n'), ['message']],
  ['the order of errors', failure('x: [a: b, c: d]'), failure('x: [c: d, a: b]'), []],
  ['a cause', failure('m', [cause('a', 'm')]), failure('m', [cause('b', 'm')]), ['causes']],
  ['the message of a cause', failure('m', [cause('a', 'm')]), failure('m', [cause('a', 'n')]), ['message']],
  [
    'the order of causes',
    failure('m', [cause('a', 'm'), cause('b', 'n')]),
    failure('m', [cause('b', 'n'), cause('a', 'm')]),
    [],
  ],
])('tells %s', (_, want, got, expected) => {
  expect(levelsOf(want, got)).toEqual(expected);
});
