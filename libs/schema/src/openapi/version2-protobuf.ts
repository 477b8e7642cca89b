import { any, encodeDocument, extensions, flag, list, message, named, text, wrapped, type Write } from './messages';
import type { Json } from './row';

/** Forms contain forms. */
const schema: Write = (writer, number, value) => {
  schemaMessage(writer, number, value);
};

const schemaMessage = message(
  [1, '$ref', text],
  [2, 'format', text],
  [4, 'description', text],
  [16, 'uniqueItems', flag],
  [19, 'required', list(text)],
  [20, 'enum', list(any)],
  [21, 'additionalProperties', wrapped(1, schema)],
  [
    22,
    'type',
    (writer, number, value) => {
      if (value !== undefined) message([1, 'value', text])(writer, number, { value });
    },
  ],
  [23, 'items', wrapped(1, schema)],
  [25, 'properties', wrapped(1, named(schema))],
  [31, '', extensions],
);

const bodyParameter = message(
  [1, 'description', text],
  [2, 'name', text],
  [3, 'in', text],
  [4, 'required', flag],
  [5, 'schema', schema],
);

const queryParameter = message(
  [1, 'required', flag],
  [2, 'in', text],
  [3, 'description', text],
  [4, 'name', text],
  [6, 'type', text],
  [20, 'uniqueItems', flag],
);

const pathParameter = message(
  [1, 'required', flag],
  [2, 'in', text],
  [3, 'description', text],
  [4, 'name', text],
  [5, 'type', text],
  [19, 'uniqueItems', flag],
);

const parameter: Write = (writer, number, value) => {
  const place = (value as Json)['in'];
  const plain = place === 'path' ? wrapped(4, pathParameter) : wrapped(3, queryParameter);
  wrapped(1, place === 'body' ? wrapped(1, bodyParameter) : wrapped(2, plain))(writer, number, value);
};

const response = message([1, 'description', text], [2, 'schema', wrapped(1, schema)]);

const operation = message(
  [1, 'tags', list(text)],
  [3, 'description', text],
  [5, 'operationId', text],
  [6, 'produces', list(text)],
  [7, 'consumes', list(text)],
  [8, 'parameters', list(parameter)],
  [9, 'responses', wrapped(1, named(wrapped(1, response)))],
  [10, 'schemes', list(text)],
  [13, '', extensions],
);

const path = message(
  [2, 'get', operation],
  [3, 'put', operation],
  [4, 'post', operation],
  [5, 'delete', operation],
  [6, 'options', operation],
  [7, 'head', operation],
  [8, 'patch', operation],
  [9, 'parameters', list(parameter)],
);

const apiKey = message([1, 'type', text], [2, 'name', text], [3, 'in', text], [4, 'description', text]);

const document = message(
  [1, 'swagger', text],
  [2, 'info', message([1, 'title', text], [2, 'version', text])],
  [8, 'paths', wrapped(2, named(path))],
  [9, 'definitions', wrapped(1, named(schema))],
  [12, 'security', list(wrapped(1, named(wrapped(1, list(text)))))],
  [13, 'securityDefinitions', wrapped(1, named(wrapped(2, apiKey)))],
);

/**
 * A document of version 2 in protobuf, as gnostic's OpenAPIv2.proto defines it: what older clients of Go ask for
 * (`application/com.github.proto-openapi.spec.v2@v1.0+protobuf`).
 */
export const encodeVersion2 = (value: Json): Buffer => encodeDocument(document, value);
