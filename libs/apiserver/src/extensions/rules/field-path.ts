import { additionalOf, propertyOf, type StructuralSchema } from '@kubephant/schema';

const segment = /^(?:\.([^.['\]\s]+)|\[(?:'([^']*)'|"([^"]*)")\])/;

/** The names on a rule's fieldPath (`.spec['a.b']`), or undefined where it leads to nothing of the schema. */
export function fieldPathOf(schema: StructuralSchema, fieldPath: string): readonly string[] | undefined {
  const names: string[] = [];
  let here = schema;
  for (let rest = fieldPath.trim(); rest !== '';) {
    const found: readonly (string | undefined)[] = segment.exec(rest) ?? [];
    const [whole = '', plain, single, double] = found;
    const name: string | undefined = plain ?? single ?? double;
    if (name === undefined) return undefined;
    const below = propertyOf(here, name) ?? additionalOf(here);
    if (!below) return undefined;
    here = below;
    names.push(name);
    rest = rest.slice(whole.length);
  }
  return names;
}

/** The path as errors show it: names of properties, keys of maps. */
export function showFieldPath(schema: StructuralSchema, names: readonly string[]): string {
  let here: StructuralSchema | undefined = schema;
  return names
    .map((name) => {
      const property: StructuralSchema | undefined = here && propertyOf(here, name);
      here = property ?? (here && additionalOf(here));
      return property ? `.${name}` : `[${name}]`;
    })
    .join('');
}
