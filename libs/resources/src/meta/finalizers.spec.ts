import { table } from '../table';
import { examples } from '../testdata/examples';
import { newObject } from '../testing';
import { validateCreate } from './validate';

describe('a finalizer without a domain', () => {
  it.each([
    ['ConfigMap', 'metadata.finalizers[0]'],
    ['PodDisruptionBudget', undefined],
    ['CustomResourceDefinition', undefined],
  ])('of a %s: %s', (kind, field) => {
    const row = table.find((one) => one.kind === kind)!;
    const example = examples[row.schema]!;
    const metadata = { ...(example['metadata'] as object), finalizers: ['unqualified'] };
    expect(validateCreate(row, newObject(row, { ...example, metadata }))[0]?.field).toBe(field);
  });
});
