import { admissionregistrationV1 } from './admissionregistration-v1';
import { admissionregistrationV1alpha1 } from './admissionregistration-v1alpha1';
import { admissionregistrationV1beta1 } from './admissionregistration-v1beta1';
import { apiextensionsV1 } from './apiextensions-v1';
import { apiregistrationV1 } from './apiregistration-v1';
import { apiserverinternalV1alpha1 } from './apiserverinternal-v1alpha1';
import { appsV1 } from './apps-v1';
import { authenticationV1 } from './authentication-v1';
import { authorizationV1 } from './authorization-v1';
import { autoscalingV1 } from './autoscaling-v1';
import { autoscalingV2 } from './autoscaling-v2';
import { batchV1 } from './batch-v1';
import { certificatesV1 } from './certificates-v1';
import { certificatesV1alpha1 } from './certificates-v1alpha1';
import { certificatesV1beta1 } from './certificates-v1beta1';
import { coordinationV1 } from './coordination-v1';
import { coordinationV1alpha2 } from './coordination-v1alpha2';
import { coordinationV1beta1 } from './coordination-v1beta1';
import { coreV1 } from './core-v1';
import { discoveryV1 } from './discovery-v1';
import { eventsV1 } from './events-v1';
import { flowcontrolV1 } from './flowcontrol-v1';
import { metaV1 } from './meta-v1';
import { networkingV1 } from './networking-v1';
import { networkingV1beta1 } from './networking-v1beta1';
import { nodeV1 } from './node-v1';
import { policyV1 } from './policy-v1';
import { rbacV1 } from './rbac-v1';
import { resourceV1 } from './resource-v1';
import { resourceV1alpha3 } from './resource-v1alpha3';
import { resourceV1beta1 } from './resource-v1beta1';
import { resourceV1beta2 } from './resource-v1beta2';
import { schedulingV1 } from './scheduling-v1';
import { schedulingV1alpha2 } from './scheduling-v1alpha2';
import { storageV1 } from './storage-v1';
import { storageV1beta1 } from './storage-v1beta1';
import { storagemigrationV1beta1 } from './storagemigration-v1beta1';
import { version } from './version';

/** The facts of one API package: what its definitions are called from outside, and their text. */
export interface Facts {
  /** What other files call it in references: `core.Container`. */
  readonly alias: string;
  /** The API group and version of its kinds; meta's belong to every group. */
  readonly apiVersion: string;
  /** What the names of its definitions begin with. */
  readonly prefix: string;
  readonly text: string;
}

export const facts: readonly Facts[] = [
  {
    alias: 'admissionregistration.v1',
    apiVersion: 'admissionregistration.k8s.io/v1',
    prefix: 'io.k8s.api.admissionregistration.v1',
    text: admissionregistrationV1,
  },
  {
    alias: 'admissionregistration.v1alpha1',
    apiVersion: 'admissionregistration.k8s.io/v1alpha1',
    prefix: 'io.k8s.api.admissionregistration.v1alpha1',
    text: admissionregistrationV1alpha1,
  },
  {
    alias: 'admissionregistration.v1beta1',
    apiVersion: 'admissionregistration.k8s.io/v1beta1',
    prefix: 'io.k8s.api.admissionregistration.v1beta1',
    text: admissionregistrationV1beta1,
  },
  {
    alias: 'apiextensions.v1',
    apiVersion: 'apiextensions.k8s.io/v1',
    prefix: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
    text: apiextensionsV1,
  },
  {
    alias: 'apiregistration.v1',
    apiVersion: 'apiregistration.k8s.io/v1',
    prefix: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
    text: apiregistrationV1,
  },
  {
    alias: 'apiserverinternal.v1alpha1',
    apiVersion: 'internal.apiserver.k8s.io/v1alpha1',
    prefix: 'io.k8s.api.apiserverinternal.v1alpha1',
    text: apiserverinternalV1alpha1,
  },
  { alias: 'apps.v1', apiVersion: 'apps/v1', prefix: 'io.k8s.api.apps.v1', text: appsV1 },
  {
    alias: 'authentication.v1',
    apiVersion: 'authentication.k8s.io/v1',
    prefix: 'io.k8s.api.authentication.v1',
    text: authenticationV1,
  },
  {
    alias: 'authorization.v1',
    apiVersion: 'authorization.k8s.io/v1',
    prefix: 'io.k8s.api.authorization.v1',
    text: authorizationV1,
  },
  { alias: 'autoscaling.v1', apiVersion: 'autoscaling/v1', prefix: 'io.k8s.api.autoscaling.v1', text: autoscalingV1 },
  { alias: 'autoscaling.v2', apiVersion: 'autoscaling/v2', prefix: 'io.k8s.api.autoscaling.v2', text: autoscalingV2 },
  { alias: 'batch.v1', apiVersion: 'batch/v1', prefix: 'io.k8s.api.batch.v1', text: batchV1 },
  {
    alias: 'certificates.v1',
    apiVersion: 'certificates.k8s.io/v1',
    prefix: 'io.k8s.api.certificates.v1',
    text: certificatesV1,
  },
  {
    alias: 'certificates.v1alpha1',
    apiVersion: 'certificates.k8s.io/v1alpha1',
    prefix: 'io.k8s.api.certificates.v1alpha1',
    text: certificatesV1alpha1,
  },
  {
    alias: 'certificates.v1beta1',
    apiVersion: 'certificates.k8s.io/v1beta1',
    prefix: 'io.k8s.api.certificates.v1beta1',
    text: certificatesV1beta1,
  },
  {
    alias: 'coordination.v1',
    apiVersion: 'coordination.k8s.io/v1',
    prefix: 'io.k8s.api.coordination.v1',
    text: coordinationV1,
  },
  {
    alias: 'coordination.v1alpha2',
    apiVersion: 'coordination.k8s.io/v1alpha2',
    prefix: 'io.k8s.api.coordination.v1alpha2',
    text: coordinationV1alpha2,
  },
  {
    alias: 'coordination.v1beta1',
    apiVersion: 'coordination.k8s.io/v1beta1',
    prefix: 'io.k8s.api.coordination.v1beta1',
    text: coordinationV1beta1,
  },
  { alias: 'core', apiVersion: 'v1', prefix: 'io.k8s.api.core.v1', text: coreV1 },
  { alias: 'discovery.v1', apiVersion: 'discovery.k8s.io/v1', prefix: 'io.k8s.api.discovery.v1', text: discoveryV1 },
  { alias: 'events.v1', apiVersion: 'events.k8s.io/v1', prefix: 'io.k8s.api.events.v1', text: eventsV1 },
  {
    alias: 'flowcontrol.v1',
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    prefix: 'io.k8s.api.flowcontrol.v1',
    text: flowcontrolV1,
  },
  { alias: 'meta', apiVersion: 'meta.k8s.io/v1', prefix: 'io.k8s.apimachinery.pkg.apis.meta.v1', text: metaV1 },
  {
    alias: 'networking.v1',
    apiVersion: 'networking.k8s.io/v1',
    prefix: 'io.k8s.api.networking.v1',
    text: networkingV1,
  },
  {
    alias: 'networking.v1beta1',
    apiVersion: 'networking.k8s.io/v1beta1',
    prefix: 'io.k8s.api.networking.v1beta1',
    text: networkingV1beta1,
  },
  { alias: 'node.v1', apiVersion: 'node.k8s.io/v1', prefix: 'io.k8s.api.node.v1', text: nodeV1 },
  { alias: 'policy.v1', apiVersion: 'policy/v1', prefix: 'io.k8s.api.policy.v1', text: policyV1 },
  { alias: 'rbac.v1', apiVersion: 'rbac.authorization.k8s.io/v1', prefix: 'io.k8s.api.rbac.v1', text: rbacV1 },
  { alias: 'resource.v1', apiVersion: 'resource.k8s.io/v1', prefix: 'io.k8s.api.resource.v1', text: resourceV1 },
  {
    alias: 'resource.v1alpha3',
    apiVersion: 'resource.k8s.io/v1alpha3',
    prefix: 'io.k8s.api.resource.v1alpha3',
    text: resourceV1alpha3,
  },
  {
    alias: 'resource.v1beta1',
    apiVersion: 'resource.k8s.io/v1beta1',
    prefix: 'io.k8s.api.resource.v1beta1',
    text: resourceV1beta1,
  },
  {
    alias: 'resource.v1beta2',
    apiVersion: 'resource.k8s.io/v1beta2',
    prefix: 'io.k8s.api.resource.v1beta2',
    text: resourceV1beta2,
  },
  {
    alias: 'scheduling.v1',
    apiVersion: 'scheduling.k8s.io/v1',
    prefix: 'io.k8s.api.scheduling.v1',
    text: schedulingV1,
  },
  {
    alias: 'scheduling.v1alpha2',
    apiVersion: 'scheduling.k8s.io/v1alpha2',
    prefix: 'io.k8s.api.scheduling.v1alpha2',
    text: schedulingV1alpha2,
  },
  { alias: 'storage.v1', apiVersion: 'storage.k8s.io/v1', prefix: 'io.k8s.api.storage.v1', text: storageV1 },
  {
    alias: 'storage.v1beta1',
    apiVersion: 'storage.k8s.io/v1beta1',
    prefix: 'io.k8s.api.storage.v1beta1',
    text: storageV1beta1,
  },
  {
    alias: 'storagemigration.v1beta1',
    apiVersion: 'storagemigration.k8s.io/v1beta1',
    prefix: 'io.k8s.api.storagemigration.v1beta1',
    text: storagemigrationV1beta1,
  },
  { alias: 'version', apiVersion: '', prefix: 'io.k8s.apimachinery.pkg.version', text: version },
];
