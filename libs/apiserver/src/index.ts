export * from './registry';
export {
  defaultAdmissionSettings,
  readAdmissionSettings,
  type AdmissionSettings,
} from './admission/configuration/settings';
export { defaultPlugins, pluginTable } from './admission/configuration/plugins';
export { newApiServer, type ApiServer, type ApiServerConfig, type ApiServerDependencies } from './api-server';
export { runApiServer, type RunApiServerDependencies } from './run-api-server';
export type { AuthorizationMode } from './server-authorizer';
export { parseTokenFile, type StaticToken } from './authentication/static-tokens';
export type { IdentityKeys } from './identity';
export type { RequestHeaderConfig } from './authentication/request-header';
