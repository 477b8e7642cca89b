import { matches, resolve } from './testing';

const uid = '3f2b6f0a-8f0e-4a5c-9f5e-0123456789ab';

it.each([
  ['a text that is the same', 'a', 'a', true],
  ['a text that is another', 'a', 'b', false],
  ['a value of the form', '<uid>', uid, true],
  ['a value of another form', '<uid>', 'u', false],
  ['a number of the form', '<port>', 30_000, true],
  ['text around a value', 'UID <uid>: (a) <nil>', `UID ${uid}: (a) <nil>`, true],
  ['other text around a value', 'UID <uid>.', `UID ${uid}`, false],
  ['something other than a value', '<!12>', '123', true],
  ['the value that must not be', '<!12>', '12', false],
  ['what is missing', '<any>', undefined, false],
])('matches %s', (_, wanted, got, expected) => {
  expect(matches(wanted, got)).toBe(expected);
});

it('takes values from earlier answers', () => {
  const bodies = [{ metadata: { uid, generation: 2, labels: { 'a/b': 'c' } } }];
  const value = {
    generation: '<0/metadata/generation>',
    path: '/x/<0/metadata/uid>?l=<0/metadata/labels/a~1b>',
    other: ['<!0/metadata/uid>', '<uid>', null, 1],
  };
  expect(resolve(value, bodies)).toEqual({
    generation: 2,
    path: `/x/${uid}?l=c`,
    other: [`<!${uid}>`, '<uid>', null, 1],
  });
});
