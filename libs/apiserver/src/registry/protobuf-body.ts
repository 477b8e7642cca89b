import { StatusError } from '@kubephant/api';
import type { Expected } from '@kubephant/schema';

/** A protobuf body as a value of the expected form. */
export function decodeProtobufBody(_body: Buffer, _expected: Expected): Record<string, unknown> {
  throw new StatusError('UnsupportedMediaType', 'protobuf bodies are not supported');
}
