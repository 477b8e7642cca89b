export * from './metrics';
export * from './node-routes';
export * from './proxier';
