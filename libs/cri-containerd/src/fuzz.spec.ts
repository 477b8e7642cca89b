import { mutateBytes } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { newCodec } from './codec';

const codec = newCodec();
const message = 'ContainerStatusResponse';
const status = {
  status: {
    id: 'c1',
    metadata: { name: 'web', attempt: 2 },
    state: 'CONTAINER_EXITED',
    createdAt: 1_767_225_600_000,
    exitCode: 137,
    image: { image: 'nginx' },
    reason: 'OOMKilled',
    labels: { a: 'b', 'io.kubernetes.pod.name': 'p' },
    mounts: [{ containerPath: '/a', hostPath: '/b', readonly: true }],
  },
  info: { pid: '7' },
};

/** protobufjs says RangeError where a message ends too soon, Error where it is none, and the decoder what is no UTF-8. */
const isHonest = (err: unknown): boolean =>
  ['RangeError', 'Error'].includes((err as Error).name) ||
  (err as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

describe('messages of runtimes', () => {
  fuzzSuite('CRI messages', {
    seeds: [codec.encode(message, status), codec.encode(message, {})],
    mutate: mutateBytes,
    take(bytes: Uint8Array) {
      const read = codec.decode(message, Buffer.from(bytes));
      expect(codec.decode(message, codec.encode(message, read))).toEqual(read);
    },
    refuses: isHonest,
  });
});
