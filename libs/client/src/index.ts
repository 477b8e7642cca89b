export * from './client';
export * from './transport';
export * from './metrics';
export * from './refs';
export * from './rest-client';
export * from './retry';
export * from './token-source';
export * from './failure';
