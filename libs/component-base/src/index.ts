export * from './cluster';
export * from './endpoints';
export * from './run-component';
export * from './leadership';
