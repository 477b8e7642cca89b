import type { ResourceDefinition } from '@kubephant/resources';
import type { StructuralSchema } from '@kubephant/schema';
import type { Resource } from '../registry/resource';

/** The schema of a custom resource as OpenAPI publishes it: as it was given, with what selectors may name. */
export function publishedForm({ row, form }: Resource): Readonly<Record<string, unknown>> {
  const schema: StructuralSchema = form ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const selectable = selectableOf(row);
  return { ...schema, ...(selectable.length > 0 && { 'x-kubernetes-selectable-fields': selectable }) };
}

const selectableOf = ({ fields = [] }: ResourceDefinition): readonly object[] =>
  fields.map(({ path }) => ({ fieldPath: path }));
