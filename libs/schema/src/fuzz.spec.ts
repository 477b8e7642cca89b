import { StatusError, type KubeObject } from '@kubephant/api';
import { mutateBytes, mutateJson, mutateText, type FuzzTarget } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { decodeJson, DecodeError, decodeValue, decodeYaml, parseJson } from './json';
import { encodeYaml, parseYaml } from './json/yaml';
import { apply, trackUpdate } from './managed-fields';
import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch } from './patch';
import { decodeProtobuf, decodeWatchFrame, encodeProtobuf, encodeWatchFrame } from './protobuf';
import { schemas } from './registry';
import { canonicalTime } from './time';

type Json = Record<string, unknown>;

const schema = schemas.get('io.k8s.api.core.v1.Pod');
const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    name: 'web',
    namespace: 'default',
    labels: { app: 'web' },
    creationTimestamp: '2026-01-01T00:00:00Z',
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: '1', controller: true }],
    finalizers: ['example.com/a', 'example.com/b'],
  },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'nginx',
        env: [{ name: 'A', value: 'b' }],
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        resources: { requests: { cpu: '100m', memory: '1Gi' } },
        livenessProbe: { httpGet: { port: 'http' }, periodSeconds: 5 },
      },
      { name: 'side', image: 'busybox', command: ['sh'] },
    ],
    tolerations: [{ key: 'a', operator: 'Exists' }],
    volumes: [{ name: 'v', emptyDir: {} }],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
};
const typed = decodeValue(schema, pod, 'Ignore').object;
const revision = {
  kind: 'ControllerRevision',
  apiVersion: 'apps/v1',
  metadata: { name: 'a' },
  revision: 1,
  data: { a: [1] },
};
const config = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'a' },
  data: { a: 'b' },
  binaryData: { b: 'AAE=' },
};

const isHonest = (err: unknown): boolean => err instanceof DecodeError || err instanceof StatusError;

const target = <T>(
  seeds: readonly T[],
  mutate: FuzzTarget<T>['mutate'],
  take: (input: never) => void,
): FuzzTarget<T> => ({ seeds, mutate, take, refuses: isHonest });

/** What is decoded once is decoded to the same again. */
function stays(object: Json): void {
  expect(decodeValue(schema, object, 'Ignore').object).toEqual(object);
}

describe('decoders', () => {
  fuzzSuite(
    'decode json',
    target(
      [JSON.stringify(pod), JSON.stringify(pod, null, 2), '{"a":"\\u00e9\\ud83d\\ude00"}'],
      mutateText,
      (text: string) => stays(decodeJson(schema, parseJson(text), 'Strict').object),
    ),
  );

  fuzzSuite(
    'decode values',
    target([pod], mutateJson, (value: unknown) => stays(decodeValue(schema, value, 'Warn').object)),
  );

  fuzzSuite(
    'decode yaml',
    target(
      [encodeYaml(pod), 'a: &x [1, *x]\nb: !!binary AAA=\n', 'a: |\n  b\n? c\n: d\n'],
      mutateText,
      (text: string) => {
        parseYaml(text);
        stays(decodeYaml(schema, text, 'Strict').object);
      },
    ),
  );

  const bodies = [
    encodeProtobuf(schema, typed),
    encodeProtobuf(schemas.get('io.k8s.api.apps.v1.ControllerRevision'), revision),
    encodeProtobuf(schemas.get('io.k8s.api.core.v1.ConfigMap'), config),
  ];
  fuzzSuite(
    'decode protobuf',
    target(bodies, mutateBytes, (bytes: Uint8Array) => {
      const read = decodeProtobuf(bytes);
      const again = decodeProtobuf(encodeProtobuf(read.schema, read.object));
      expect(again.object).toEqual(read.object);
    }),
  );

  fuzzSuite(
    'decode watch frames',
    target(
      bodies.map((body) => encodeWatchFrame('ADDED', body).subarray(4)),
      mutateBytes,
      (frame: Uint8Array) => void decodeWatchFrame(frame),
    ),
  );

  fuzzSuite(
    'times',
    target(
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.123456+02:00', '0001-01-01T00:00:00Z', '9999-12-31T23:59:60Z'],
      mutateText,
      (text: string) => {
        for (const kind of ['time', 'microTime'] as const) {
          let once: string;
          try {
            once = canonicalTime(text, kind);
          } catch (err) {
            if ((err as Error).constructor.name === 'Mismatch' || (err as Error).constructor === Error) continue;
            throw err;
          }
          expect(canonicalTime(once, kind)).toBe(once);
        }
      },
    ),
  );
});

const operations = [
  { op: 'add', path: '/metadata/labels/x', value: 'y' },
  { op: 'remove', path: '/spec/containers/1' },
  { op: 'move', from: '/spec/volumes/0', path: '/spec/volumes/-' },
  { op: 'copy', from: '/spec', path: '/metadata/labels/z' },
  { op: 'test', path: '/kind', value: 'Pod' },
  { op: 'replace', path: '/spec/containers/0/image', value: 'b' },
];
const strategic = {
  metadata: { finalizers: ['c'], '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
  spec: {
    containers: [
      { name: 'web', $patch: 'merge', image: 'b', ports: [{ containerPort: 80, name: 'x' }] },
      { name: 'side', $patch: 'delete' },
    ],
    '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }],
    volumes: [{ name: 'v', $retainKeys: ['name', 'emptyDir'], emptyDir: {} }],
  },
};

/** A patch never changes what it is applied to. */
function leaves(take: (patch: never) => unknown): (patch: never) => void {
  const before = JSON.stringify(pod);
  return (patch) => {
    try {
      take(patch);
    } finally {
      expect(JSON.stringify(pod)).toBe(before);
    }
  };
}

describe('patchers', () => {
  const patched = (object: unknown): void => {
    const { object: once } = decodeValue(schema, object, 'Ignore');
    stays(once);
  };
  fuzzSuite(
    'json patch',
    target(
      [operations],
      mutateJson,
      leaves((patch) => patched(applyJsonPatch(pod, patch))),
    ),
  );
  fuzzSuite(
    'merge patch',
    target(
      [pod, { spec: null }],
      mutateJson,
      leaves((patch) => patched(applyMergePatch(pod, patch))),
    ),
  );
  fuzzSuite(
    'strategic merge patch',
    target(
      [strategic, pod],
      mutateJson,
      leaves((patch) => patched(applyStrategicMergePatch(schema, pod, patch))),
    ),
  );

  const opinion = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web', labels: { a: 'b' } }, spec: pod.spec };
  const applying = (applied: unknown, live: unknown = pod) =>
    apply({ ...form, applied: applied as never, live: live as KubeObject, manager: 'a', force: true, now: 0 });
  const form = { schema, apiVersion: 'v1' };
  fuzzSuite(
    'apply',
    target([opinion], mutateJson, (given: { metadata?: object } | null) => {
      // Its name and kind have been looked at before.
      const { kind, apiVersion, metadata } = opinion;
      const applied = { ...given, kind, apiVersion, metadata: { ...given?.metadata, name: metadata.name } };
      const { object, managedFields } = applying(applied);
      const live = { ...object, metadata: { ...(object['metadata'] as Json), managedFields } };
      expect(applying(applied, live).object).toEqual(object);
    }),
  );

  const owned = applying(opinion).managedFields;
  fuzzSuite(
    'managed fields of clients',
    target([owned], mutateJson, (managedFields: unknown) => {
      const object = { ...pod, metadata: { ...pod.metadata, managedFields } } as unknown as KubeObject;
      const { object: live } = decodeValue(schema, object, 'Ignore');
      applying(opinion, live);
      const next = live as unknown as KubeObject;
      trackUpdate({ ...form, live: next, next, manager: 'b', now: 0 });
    }),
  );
});
