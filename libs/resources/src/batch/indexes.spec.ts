import { countIndexes, firstCommonIndex, parseIndexes } from './indexes';

describe('indexes of a Job', () => {
  it.each([
    ['', 0],
    ['0', 1],
    ['0,2-3', 3],
    ['1-9', 9],
  ])('of %p there are %d', (text, count) => {
    expect(countIndexes(parseIndexes(text, 10))).toBe(count);
  });

  it.each([
    ['a', 'cannot convert string to integer for index: "a"'],
    ['1-', 'cannot convert string to integer for index: ""'],
    ['10', 'too large index: "10"'],
    ['3-2', 'non-increasing order, previous: 3, current: 2'],
    ['0,0', 'non-increasing order, previous: 0, current: 0'],
    [
      '1-2-3',
      'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'',
    ],
  ])('are not %p', (text, wrong) => {
    expect(parseIndexes(text, 10)).toMatchObject({ wrong });
  });

  it.each([
    ['0-3', '2-5', 2],
    ['0,4-6', '1-2,6', 6],
    ['0-1', '2-3', undefined],
    ['', '1', undefined],
  ])('%p and %p share %p first', (a, b, index) => {
    expect(firstCommonIndex(parseIndexes(a, 10), parseIndexes(b, 10))).toBe(index);
  });
});
