export * from './framework/interfaces';
export * from './metrics';
export * from './plugins';
export * from './scheduler';
