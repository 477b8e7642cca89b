import type { KubeObject } from '@kubephant/api';
import type { ResourceRef } from '@kubephant/client';
import type { APIService, FlowSchema, PriorityClass, PriorityLevelConfiguration, ServiceCIDR } from '@kubephant/schema';

const cluster = <T extends KubeObject>(group: string, kind: string, plural: string): ResourceRef<T> => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: false,
});

export const apiServices = cluster<APIService>('apiregistration.k8s.io', 'APIService', 'apiservices');
export const flowSchemas = cluster<FlowSchema>('flowcontrol.apiserver.k8s.io', 'FlowSchema', 'flowschemas');
export const priorityLevelConfigurations = cluster<PriorityLevelConfiguration>(
  'flowcontrol.apiserver.k8s.io',
  'PriorityLevelConfiguration',
  'prioritylevelconfigurations',
);
export const priorityClasses = cluster<PriorityClass>('scheduling.k8s.io', 'PriorityClass', 'priorityclasses');
export const serviceCidrs = cluster<ServiceCIDR>('networking.k8s.io', 'ServiceCIDR', 'servicecidrs');
