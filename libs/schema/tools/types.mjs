// Renders definitions as TypeScript interfaces.
import { fromApi } from './names.mjs';

const scalars = {
  string: 'string',
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  bytes: 'string',
  quantity: 'string',
  intOrString: 'number | string',
  time: 'string',
  microTime: 'string',
  duration: 'string',
};

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

/** The whole of types.ts. */
export function renderTypes(schemas, names, descriptions) {
  const typeOf = (schema) => {
    if (schema.type === 'object') return names.get(schema.name);
    if (schema.type === 'list') return arrayOf(typeOf(schema.items));
    if (schema.type === 'map') return `Record<string, ${typeOf(schema.values)}>`;
    if (schema.type === 'any') return anyOf(schema, typeOf);
    return scalars[schema.type];
  };
  const field = (owner, { name, schema, required, zero }) => {
    const isMetadata = name === 'metadata' && schema.name === `${meta}ObjectMeta`;
    if (owner.isKind && (isMetadata || name === 'apiVersion' || name === 'kind')) return undefined;
    const always = required || (owner.isKind && name === 'spec' && zero === 'fill');
    const key = /^[A-Za-z]\w*$/.test(name) ? name : `'${name}'`;
    const type = isMetadata ? 'Partial<ObjectMeta>' : typeOf(schema);
    return `${comment(descriptions[owner.name]?.[1][name], '  ')}  ${key}${always ? '' : '?'}: ${type};\n`;
  };
  const render = (name) => {
    const object = schemas.get(name);
    const hasMetadata = object.fields.get('metadata')?.schema.name === `${meta}ObjectMeta`;
    const fields = [...object.fields.values()].map((each) => field(object, each)).join('');
    const base = object.isKind ? (hasMetadata ? ' extends KubeObject' : ' extends TypeMeta') : '';
    return `${comment(descriptions[name]?.[0], '')}export interface ${names.get(name)}${base} {\n${fields}}\n`;
  };
  const rendered = schemas.names().filter((name) => !fromApi.some((known) => name === meta + known));
  return [
    '/* eslint-disable */\n// Written by `npm run generate` from src/facts; do not edit.\n',
    `import type { KubeObject, ${fromApi.join(', ')} } from '@kubephant/api';\n`,
    '/** Objects that stand alone without being stored: lists, options, Status. */\n' +
      'export interface TypeMeta {\n  apiVersion: string;\n  kind: string;\n}\n',
    ...rendered.map(render),
  ].join('\n');
}

const arrayOf = (type) => (type.includes('|') ? `(${type})[]` : `${type}[]`);

function anyOf({ name = '', object }, typeOf) {
  if (name.endsWith('.FieldsV1')) return 'Record<string, unknown>';
  if (!object) return 'unknown';
  const props = typeOf(object);
  if (name.endsWith('OrBool')) return `${props} | boolean`;
  return name.endsWith('OrStringArray') ? `${props} | string[]` : `${props} | ${props}[]`;
}

const comment = (text, indent) =>
  text ? `${indent}/** ${text.replaceAll('*/', '*∕').replaceAll('\n', ' ')} */\n` : '';
