export { newCaller } from './caller';
export { newDialer, type DialerConfig } from './dialer';
export { serve, type RunningServer, type ServeOptions } from './serve';
export type { TlsOptions } from './tls';
