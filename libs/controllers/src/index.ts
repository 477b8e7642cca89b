export { newCredentials, type CredentialsDeps } from './manager/credentials';
export { runControllers, type ControllersConfig, type ControllersDeps } from './manager/run-controllers';
export { controllerTable, selectControllers, type ControllerRow, type ControllerSettings } from './manager/table';
export { parsePools, type Pool } from './nodeipam/allocate';
export { defaultNodeLifecycle, type NodeLifecycleConfig } from './nodelifecycle/controller';
export { defaultResourceQuota, type ResourceQuotaConfig } from './resourcequota/controller';
export { defaultPodGc, type PodGcConfig } from './podgc/decide';
