import { sameJson, type KubeObject } from '@kubephant/api';

/** Makes an object another in place, as plugins have to; says whether that changed anything. */
export function becomes(object: KubeObject, other: KubeObject): boolean {
  if (sameJson(object, other)) return false;
  for (const key of Object.keys(object)) Reflect.deleteProperty(object, key);
  Object.assign(object, other);
  return true;
}
