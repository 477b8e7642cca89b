import type { Schema } from '../schema';
import { FieldSetBuilder, type FieldSet } from './field-set';
import { fieldElement } from './path-element';
import { asList, asMap, childSchema, declaredField, indexItems, isAtomic, shapeOf } from './typed';

/** The paths that an applied object speaks of: what its manager will own. */
export function toFieldSet(schema: Schema, value: unknown): FieldSet {
  const set = new FieldSetBuilder();
  collect(schema, value, { set, path: [] });
  return set.build();
}

interface Walk {
  readonly set: FieldSetBuilder;
  readonly path: string[];
}

function collect(schema: Schema, value: unknown, walk: Walk): void {
  const shape = shapeOf(schema, value);
  if (shape === 'scalar' || isAtomic(shape)) walk.set.insert(walk.path);
  else if (shape.type === 'list') {
    for (const [element, items] of indexItems(shape, asList(value) ?? [])) {
      walk.path.push(element);
      if (items.length === 1) collect(shape.items, items[0], walk);
      walk.set.insert(walk.path);
      walk.path.pop();
    }
  } else {
    for (const [key, child] of Object.entries(asMap(value) ?? {})) {
      walk.path.push(fieldElement(key));
      collect(childSchema(shape, key), child, walk);
      if (isNullOrEmptyMap(child) || !declaredField(shape, key)) walk.set.insert(walk.path);
      walk.path.pop();
    }
  }
}

function isNullOrEmptyMap(value: unknown): boolean {
  const map = asMap(value);
  return value === null || (map !== undefined && Object.keys(map).length === 0);
}
