import { edits } from './testdata/edits';
import { examples } from './testdata/examples';
import { resourceTable, table } from './table';
import { resourceSuite } from './testing';

const served = table.filter(({ createAs }) => !createAs);

describe('the table', () => {
  it('has each resource of a group version once', () => {
    const keys = table.map(({ group, version, names }) => `${group}/${version}/${names.plural}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives every listable resource columns', () => {
    expect(served.filter(({ columns }) => !columns)).toEqual([]);
  });

  it('has an example of every kind', () => {
    expect(Object.keys(examples).sort()).toEqual(served.map(({ schema }) => schema).sort());
  });

  it('knows of every kind what may and may not be done to its example', () => {
    expect(Object.keys(edits).sort()).toEqual(served.map(({ schema }) => schema).sort());
    const withStatus = served.filter(({ subresources }) => subresources?.['status']).map(({ schema }) => schema);
    expect(withStatus.filter((schema) => !edits[schema]?.status)).toEqual([]);
  });

  it('answers a delete with the object where upstream does', () => {
    const storage = 'csidrivers csinodes persistentvolumeclaims persistentvolumes storageclasses volumeattachments';
    const devices = 'deviceclasses resourceclaims resourceclaimtemplates resourceslices';
    const core = 'namespaces pods podtemplates resourcequotas serviceaccounts services volumeattributesclasses';
    const returning = table.filter((row) => row.deleteReturnsObject).map(({ names }) => names.plural);
    expect(returning.sort()).toEqual(`${storage} ${devices} ${core}`.split(' ').sort());
  });

  it('serves tokens of service accounts only when somebody issues them', () => {
    const find = (rows: typeof table) => rows.find(({ kind }) => kind === 'ServiceAccount')?.subresources;
    expect(find(table)).toBeUndefined();
    expect(find(resourceTable({ issueToken: (_, request) => Promise.resolve(request) }))).toHaveProperty('token');
  });
});

for (const row of served) resourceSuite(row, examples[row.schema] ?? {});
