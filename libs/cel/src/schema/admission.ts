import { listOf, mapOf, objectOf, type ObjectType, readType, scalar, type Type } from '../types';

/** An object whose fields are given as types or as their notation: `list(string)`. */
function fields(name: string, types: Readonly<Record<string, string | Type>>): ObjectType {
  const read = (type: string | Type): Type => (typeof type === 'string' ? readType(type) : type);
  return objectOf(name, new Map(Object.entries(types).map(([field, type]) => [field, read(type)])));
}

const kind = fields('kubernetes.GroupVersionKind', { group: 'string', version: 'string', kind: 'string' });
const resource = fields('kubernetes.GroupVersionResource', { group: 'string', version: 'string', resource: 'string' });

const userInfo = fields('kubernetes.UserInfo', {
  username: 'string',
  uid: 'string',
  groups: 'list(string)',
  extra: 'map(string, list(string))',
});

/** `request` of admission policies and match conditions. */
export const requestType: ObjectType = fields('kubernetes.AdmissionRequest', {
  kind,
  resource,
  subResource: 'string',
  requestKind: kind,
  requestResource: resource,
  requestSubResource: 'string',
  name: 'string',
  namespace: 'string',
  operation: 'string',
  userInfo,
  dryRun: 'bool',
  options: 'dyn',
});

const namespaceCondition = fields('kubernetes.NamespaceCondition', {
  type: 'string',
  status: 'string',
  lastTransitionTime: 'timestamp',
  reason: 'string',
  message: 'string',
});

/** `namespaceObject`: what of a namespace policies see. */
export const namespaceType: ObjectType = fields('kubernetes.Namespace', {
  metadata: fields('kubernetes.NamespaceMetadata', {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    labels: 'map(string, string)',
    annotations: 'map(string, string)',
    UID: 'string',
    creationTimestamp: 'timestamp',
    deletionGracePeriodSeconds: 'int',
    deletionTimestamp: 'timestamp',
    generation: 'int',
    resourceVersion: 'string',
    finalizers: 'list(string)',
  }),
  spec: fields('kubernetes.NamespaceSpec', { finalizers: 'list(string)' }),
  status: fields('kubernetes.NamespaceStatus', { phase: 'string', conditions: listOf(namespaceCondition) }),
});

/** `variables` of a policy: those defined before, by the types of their expressions. */
export const variablesType = (types: ReadonlyMap<string, Type>): ObjectType => objectOf('kubernetes.variables', types);

/** `device` of selectors of devices. */
export const deviceType: ObjectType = fields('kubernetes.DRADevice', {
  driver: 'string',
  allowMultipleAllocations: 'bool',
  attributes: mapOf(scalar.string, mapOf(scalar.string, scalar.dyn)),
  capacity: 'map(string, map(string, kubernetes.Quantity))',
});
