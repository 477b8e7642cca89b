import type { KubeObject } from '@kubephant/api';
import { structuralReader, type StructuralSchema, type Value } from '@kubephant/cel';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const texts = { type: 'object', additionalProperties: text };
const list = (items: StructuralSchema): StructuralSchema => ({ type: 'array', items });
const object = (properties: Readonly<Record<string, StructuralSchema>>): StructuralSchema => ({
  type: 'object',
  properties,
});

const read = structuralReader(
  object({
    metadata: object({
      name: text,
      generateName: text,
      namespace: text,
      labels: texts,
      annotations: texts,
      UID: text,
      creationTimestamp: time,
      deletionGracePeriodSeconds: { type: 'integer' },
      deletionTimestamp: time,
      generation: { type: 'integer' },
      resourceVersion: text,
      finalizers: list(text),
    }),
    spec: object({ finalizers: list(text) }),
    status: object({
      phase: text,
      conditions: list(object({ type: text, status: text, lastTransitionTime: time, reason: text, message: text })),
    }),
  }),
);

/** `namespaceObject`: null for what is in no namespace. */
export function namespaceValue(namespace: KubeObject | undefined): Value {
  if (!namespace) return null;
  const { uid, ...metadata } = namespace.metadata;
  return read({ ...namespace, metadata: { ...metadata, UID: uid } });
}
