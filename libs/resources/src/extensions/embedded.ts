import { dns1035Label, pathSegment, pathSegmentPrefix } from '@kubephant/api';
import { additionalOf, isEmbedded, propertyOf, type StructuralSchema } from '@kubephant/schema';
import { validateAnnotations } from '../meta/validate';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows } from '../validation/checks';
import { validateLabels } from '../validation/labels';
import { Path } from '../validation/path';

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects inside of a custom resource say what they are, and their metadata is metadata. */
export function validateEmbedded(schema: StructuralSchema, value: unknown, path = Path.root): Causes {
  const { items } = schema;
  if (Array.isArray(value)) {
    return items ? each(value as readonly unknown[], path, (item, at) => validateEmbedded(items, item, at)) : none;
  }
  if (!isJson(value)) return none;
  return [
    ...(isEmbedded(schema) ? validateObject(value, path) : none),
    ...Object.entries(value).flatMap(([key, member]) => {
      const property = propertyOf(schema, key);
      const form = property ?? additionalOf(schema);
      return form ? validateEmbedded(form, member, property ? path.child(key) : path.key(key)) : none;
    }),
  ];
}

function validateObject({ apiVersion = '', kind = '', metadata }: Json, path: Path): Causes {
  const meta = isJson(metadata) ? metadata : {};
  const where = path.child('metadata');
  return [
    ...typeCauses(apiVersion, path.child('apiVersion'), (text) =>
      text.split('/').length > 2 ? [`unexpected GroupVersion string: ${text}`] : [],
    ),
    ...typeCauses(kind, path.child('kind'), (text) =>
      dns1035Label(text.toLowerCase()).map((detail) => `may have mixed case, but should otherwise match: ${detail}`),
    ),
    ...(['name', 'generateName'] as const).flatMap((field) =>
      follows(
        meta[field] as string | undefined,
        where.child(field),
        field === 'name' ? pathSegment : pathSegmentPrefix,
      ),
    ),
    ...validateLabels(meta['labels'] as Record<string, string> | undefined, where.child('labels')),
    ...validateAnnotations(meta['annotations'] as Record<string, string> | undefined, where.child('annotations')),
  ];
}

function typeCauses(value: unknown, path: Path, reproaches: (text: string) => readonly string[]): Causes {
  if (typeof value !== 'string') return [invalidValue(path, value, 'must be a string')];
  if (value === '') return [required(path)];
  return reproaches(value).map((detail) => invalidValue(path, value, detail));
}
