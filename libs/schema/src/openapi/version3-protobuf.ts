import {
  any,
  double,
  encodeDocument,
  extensions,
  flag,
  integer,
  list,
  message,
  named,
  text,
  wrapped,
  type Write,
} from './messages';
import type { Json } from './row';

const reference = message([1, '$ref', text], [2, 'summary', text], [3, 'description', text]);

/** A form itself, or where it is. */
const orReference =
  (write: Write): Write =>
  (writer, number, value) => {
    if (typeof value !== 'object' || value === null) return;
    const refers = typeof (value as Json)['$ref'] === 'string';
    wrapped(refers ? 2 : 1, refers ? reference : write)(writer, number, value);
  };

/** Forms contain forms. */
const schema: Write = (writer, number, value) => {
  orReference(schemaMessage)(writer, number, value);
};

const plainSchema: Write = (writer, number, value) => {
  schemaMessage(writer, number, value);
};

const additional: Write = (writer, number, value) => {
  if (typeof value === 'boolean') message([2, 'value', flag])(writer, number, { value });
  else wrapped(1, schema)(writer, number, value);
};

const defaults: Readonly<Record<string, Write>> = {
  number: message([1, 'value', double]),
  boolean: message([2, 'value', flag]),
  string: message([3, 'value', text]),
};

/** Of a default that is an object the message says only that there is one. */
const defaultValue: Write = (writer, number, value) => {
  const plain = defaults[typeof value];
  if (plain) plain(writer, number, { value });
  else message()(writer, number, value);
};

const optionalAny: Write = (writer, number, value) => {
  if (value !== undefined) any(writer, number, value);
};

const schemaMessage = message(
  [1, 'nullable', flag],
  [7, 'example', optionalAny],
  [8, 'deprecated', flag],
  [9, 'title', text],
  [10, 'multipleOf', double],
  [11, 'maximum', double],
  [12, 'exclusiveMaximum', flag],
  [13, 'minimum', double],
  [14, 'exclusiveMinimum', flag],
  [15, 'maxLength', integer],
  [16, 'minLength', integer],
  [17, 'pattern', text],
  [18, 'maxItems', integer],
  [19, 'minItems', integer],
  [20, 'uniqueItems', flag],
  [21, 'maxProperties', integer],
  [22, 'minProperties', integer],
  [23, 'required', list(text)],
  [24, 'enum', list(any)],
  [25, 'type', text],
  [26, 'allOf', list(schema)],
  [27, 'oneOf', list(schema)],
  [28, 'anyOf', list(schema)],
  [29, 'not', plainSchema],
  [30, 'items', wrapped(1, schema)],
  [31, 'properties', wrapped(1, named(schema))],
  [32, 'additionalProperties', additional],
  [33, 'default', defaultValue],
  [34, 'description', text],
  [35, 'format', text],
  [36, '', extensions],
);

const content = wrapped(1, named(message([1, 'schema', schema])));

const parameter = orReference(
  message(
    [1, 'name', text],
    [2, 'in', text],
    [3, 'description', text],
    [4, 'required', flag],
    [10, 'schema', schema],
    [14, '', extensions],
  ),
);

const requestBody = orReference(message([1, 'description', text], [2, 'content', content], [3, 'required', flag]));

const response = orReference(message([1, 'description', text], [3, 'content', content]));

const operation = message(
  [1, 'tags', list(text)],
  [3, 'description', text],
  [5, 'operationId', text],
  [6, 'parameters', list(parameter)],
  [7, 'requestBody', requestBody],
  [8, 'responses', wrapped(2, named(response))],
  [10, 'deprecated', flag],
  [13, '', extensions],
);

const path = message(
  [4, 'get', operation],
  [5, 'put', operation],
  [6, 'post', operation],
  [7, 'delete', operation],
  [8, 'options', operation],
  [9, 'head', operation],
  [10, 'patch', operation],
  [13, 'parameters', list(parameter)],
);

const securityScheme = orReference(
  message([1, 'type', text], [2, 'description', text], [3, 'name', text], [4, 'in', text]),
);

const document = message(
  [1, 'openapi', text],
  [2, 'info', message([1, 'title', text], [6, 'version', text])],
  [4, 'paths', wrapped(1, named(path))],
  [
    5,
    'components',
    message([1, 'schemas', wrapped(1, named(schema))], [7, 'securitySchemes', wrapped(1, named(securityScheme))]),
  ],
  [6, 'security', list(wrapped(1, named(wrapped(1, list(text)))))],
);

/**
 * A document of version 3 in protobuf, as gnostic's OpenAPIv3.proto defines it
 * (`application/com.github.proto-openapi.spec.v3.v1.0+protobuf`).
 */
export const encodeVersion3 = (value: Json): Buffer => encodeDocument(document, value);
