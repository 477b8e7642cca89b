import type { Schema } from '../schema';
import { FieldSetBuilder, type FieldSet } from './field-set';
import { fieldElement } from './path-element';
import { asList, asMap, childSchema, declaredField, indexItems, isAtomic, shapeOf } from './typed';

/** The paths that an applied object speaks of: what its manager will own. */
export function toFieldSet(schema: Schema, value: unknown): FieldSet {
  const set = new FieldSetBuilder();
  collect(schema, value, set);
  return set.build();
}

function collect(schema: Schema, value: unknown, set: FieldSetBuilder): void {
  const shape = shapeOf(schema, value);
  if (shape === 'scalar' || isAtomic(shape)) set.insert();
  else if (shape.type === 'list') {
    for (const [element, items] of indexItems(shape, asList(value) ?? [])) {
      set.enter(element);
      if (items.length === 1) collect(shape.items, items[0], set);
      set.insert();
      set.leave();
    }
  } else {
    for (const [key, child] of Object.entries(asMap(value) ?? {})) {
      set.enter(fieldElement(key));
      collect(childSchema(shape, key), child, set);
      if (isNullOrEmptyMap(child) || !declaredField(shape, key)) set.insert();
      set.leave();
    }
  }
}

function isNullOrEmptyMap(value: unknown): boolean {
  const map = asMap(value);
  return value === null || (map !== undefined && Object.keys(map).length === 0);
}
