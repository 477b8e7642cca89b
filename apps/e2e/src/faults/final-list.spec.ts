import { compare } from './final-list';

const item = (key: string, revision: number) => ({ key, revision, value: `v${revision}`, label: 'a' });

describe('the final list of an API server', () => {
  it('is fine when it is what the database has', () => {
    expect(compare('s', [item('a', 1), item('b', 2)], [item('b', 2), item('a', 1)])).toEqual([]);
  });

  it('is told apart object by object when it is not', () => {
    expect(
      compare('s', [item('a', 1), item('b', 2), item('c', 3)], [item('b', 2), item('c', 4), item('d', 5)]),
    ).toEqual([
      'after everything, s lists nothing as a, and the database has v1 (a) at 1',
      'after everything, s lists v4 (a) at 4 as c, and the database has v3 (a) at 3',
      'after everything, s lists v5 (a) at 5 as d, and the database has nothing',
    ]);
  });
});
