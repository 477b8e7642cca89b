import { badRequest, parseApiVersion } from '@kubephant/api';
import { DecodeError, decodeProtobuf, summary, type Expected } from '@kubephant/schema';

/** A protobuf body as a value of the expected form. Throws BadRequest with upstream's messages. */
export function decodeProtobufBody(body: Buffer, expected: Expected): Record<string, unknown> {
  const { schema, object } = decoded(body, expected);
  if (schema === expected.schema || expected.accepts?.includes(schema.name ?? '')) return object;
  const [kind, apiVersion] = [String(object['kind']), String(object['apiVersion'])];
  const { version } = parseApiVersion(apiVersion);
  const wanted = `${parseApiVersion(expected.apiVersion).group.split('.', 1).join('') || 'core'}.${expected.kind}`;
  throw badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: ` +
      `converting (${version}.${kind}) to (${wanted}): unknown conversion`,
  );
}

function decoded(body: Buffer, { kind }: Expected): ReturnType<typeof decodeProtobuf> {
  try {
    return decodeProtobuf(body);
  } catch (err) {
    if (!(err instanceof DecodeError)) throw err;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${err.message} (${summary(body)})`,
    );
  }
}
