export * from './dns-server';
export type { Exchange } from './forward';
export * from './resolv-conf';
