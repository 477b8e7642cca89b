import type { ObjectSchema, ScalarSchema, Schema } from '@kubephant/schema';
import { listOf, mapOf, type ObjectType, scalar, type Type } from '../types';
import { escapeName, unescapeName } from './escape';

const scalars: Readonly<Record<ScalarSchema['type'], Type>> = {
  string: scalar.string,
  boolean: scalar.bool,
  integer: scalar.int,
  number: scalar.double,
  bytes: scalar.bytes,
  quantity: scalar.string,
  intOrString: scalar.dyn,
  time: scalar.timestamp,
  microTime: scalar.timestamp,
  duration: scalar.string,
};

/** Fields are looked at when they are asked for, as definitions refer to themselves (JSONSchemaProps). */
function objectType(schema: ObjectSchema): ObjectType {
  return {
    kind: 'object',
    name: schema.name ?? 'object',
    field: (escaped) => {
      const name = unescapeName(escaped);
      const field = name !== undefined && escapeName(name) === escaped ? schema.fields.get(name) : undefined;
      return field && builtinType(field.schema);
    },
  };
}

/** The type of objects of the API, with which policies are checked for warnings. */
export function builtinType(schema: Schema): Type {
  switch (schema.type) {
    case 'object':
      return objectType(schema);
    case 'map':
      return mapOf(scalar.string, builtinType(schema.values));
    case 'list':
      return listOf(builtinType(schema.items));
    case 'any':
      return scalar.dyn;
    default:
      return scalars[schema.type];
  }
}
