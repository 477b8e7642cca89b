export * from './framework/interfaces';
export * from './plugins';
export * from './scheduler';
