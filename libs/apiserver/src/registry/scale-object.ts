import { cloneJson, type KubeObject } from '@kubephant/api';
import type { Subresource } from '@kubephant/resources';
import { schemas, type Expected } from '@kubephant/schema';

/** Where a kind keeps its size. */
export type ScaleSubresource = Extract<Subresource<KubeObject>, { kind: 'scale' }>;

export interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status: { replicas: number; selector?: string };
}

/** What a Scale is, whatever it is of. */
export const expectedScale: Expected = {
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  schema: schemas.get('io.k8s.api.autoscaling.v1.Scale'),
};

/** The size of a workload. */
export function scaleOf({ spec, status, selector }: ScaleSubresource, obj: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = obj.metadata;
  const replicas = numberAt(obj, spec);
  const text = typeof selector === 'string' ? valueAt(obj, selector) : selector(obj);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      uid,
      resourceVersion,
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: numberAt(obj, status), ...(typeof text === 'string' && text !== '' && { selector: text }) },
  };
}

type Fields = Record<string, unknown>;
const partsOf = (path: string): readonly string[] => path.split('.').filter((part) => part !== '');
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The value at a simple JSON path (`.spec.replicas`). */
export function valueAt(obj: KubeObject, path: string): unknown {
  return partsOf(path).reduce<unknown>(
    (value, part) => (isFields(value) && Object.hasOwn(value, part) ? value[part] : undefined),
    obj,
  );
}

function numberAt(obj: KubeObject, path: string): number {
  const value = valueAt(obj, path);
  return typeof value === 'number' ? value : 0;
}

/** The object as a Scale knows it: a size of zero is none. */
export function withoutZero(obj: KubeObject, path: string): KubeObject {
  const copy = { ...obj, metadata: { ...obj.metadata } };
  if (valueAt(obj, path) !== 0) return copy;
  const without = cloneJson(copy);
  const parts = partsOf(path);
  const holder = valueAt(without, parts.slice(0, -1).join('.'));
  if (isFields(holder)) Reflect.deleteProperty(holder, parts.at(-1) ?? '');
  return without;
}

/** Sets the value at a simple JSON path, and makes what is missing on the way. */
export function setAt(obj: KubeObject, path: string, value: unknown): void {
  const parts = partsOf(path);
  let at = obj as unknown as Fields;
  for (const part of parts.slice(0, -1)) {
    const below = Object.hasOwn(at, part) && isFields(at[part]) ? at[part] : {};
    at[part] = below;
    at = below;
  }
  at[parts.at(-1) ?? ''] = value;
}
