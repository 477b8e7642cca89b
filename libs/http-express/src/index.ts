export { serve, type RunningServer, type ServeOptions } from './serve';
export type { TlsOptions } from './tls';
