import { table } from './table';

describe('the table', () => {
  it('has each resource of a group version once', () => {
    const keys = table.map(({ group, version, names }) => `${group}/${version}/${names.plural}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives every listable resource columns', () => {
    expect(table.filter(({ columns, createAs }) => !columns && !createAs)).toEqual([]);
  });
});
