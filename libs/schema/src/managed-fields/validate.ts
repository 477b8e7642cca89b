import { formatGo, goTypeOf, isObject } from '../patch/json';
import type { ListSchema, MapSchema, ObjectSchema, ScalarSchema, Schema } from '../schema';
import { fieldElement, formatPath } from './path-element';
import { elementOf } from './typed';

/** What keeps an object from being one of the schema, each with its path, in upstream's words. */
export function typeErrors(schema: Schema, value: unknown): readonly string[] {
  const walk: Walk = { path: [], errors: [] };
  visit(schema, value, walk);
  return walk.errors;
}

interface Walk {
  readonly path: string[];
  readonly errors: string[];
}

const report = ({ path, errors }: Walk, message: string): void => {
  errors.push(`${formatPath(path)}: ${message}`);
};

function visit(schema: Schema, value: unknown, walk: Walk): void {
  if (value === null || value === undefined) return;
  switch (schema.type) {
    case 'any':
      return;
    case 'object':
    case 'map':
      visitMap(schema, value, walk);
      return;
    case 'list':
      visitList(schema, value, walk);
      return;
    default:
      visitScalar(schema, value, walk);
  }
}

function visitMap(schema: ObjectSchema | MapSchema, value: unknown, walk: Walk): void {
  if (!isObject(value)) {
    report(walk, `expected map, got &{${formatGo(value)}}`);
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    walk.path.push(fieldElement(key));
    const below = schema.type === 'map' ? schema.values : schema.fields.get(key)?.schema;
    if (below) visit(below, child, walk);
    else if (schema.type === 'map' || !schema.preserveUnknown) report(walk, 'field not declared in schema');
    walk.path.pop();
  }
}

function visitList(schema: ListSchema, value: unknown, walk: Walk): void {
  if (!Array.isArray(value)) {
    report(walk, `expected list, got &{${formatGo(value)}}`);
    return;
  }
  const associative = schema.listType === 'set' || schema.listType === 'map';
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const element = associative ? elementOf(schema, item) : `i:${index}`;
    if (typeof element !== 'string') report(walk, `element ${index}: ${element.message}`);
    else if (seen.has(element)) report(walk, `duplicate entries for key ${formatPath([element])}`);
    else visitItem(schema.items, item, { element, walk });
    seen.add(String(element));
  }
}

function visitItem(schema: Schema, item: unknown, { element, walk }: { element: string; walk: Walk }): void {
  walk.path.push(element);
  visit(schema, item, walk);
  walk.path.pop();
}

function visitScalar(schema: ScalarSchema, value: unknown, walk: Walk): void {
  if (schema.type === 'string' || schema.type === 'bytes') {
    if (typeof value !== 'string') report(walk, `expected string, got &value.valueUnstructured{Value:${sharp(value)}}`);
  } else if (schema.type === 'boolean') {
    if (typeof value !== 'boolean') report(walk, `expected boolean, got &{${formatGo(value)}}`);
  } else if (schema.type === 'integer' || schema.type === 'number') {
    if (typeof value !== 'number') report(walk, `expected numeric (int or float), got ${goTypeOf(value)}`);
  } else if (typeof value === 'object') report(walk, `expected any scalar, got &{${formatGo(value)}}`);
}

/** A decoded value as Go's `%#v` prints it. */
function sharp(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(sharp).join(', ')}}`;
  if (!isObject(value)) return value === null ? 'interface {}(nil)' : JSON.stringify(value);
  const pairs = Object.keys(value).sort();
  return `map[string]interface {}{${pairs.map((key) => `${JSON.stringify(key)}:${sharp(value[key])}`).join(', ')}}`;
}
