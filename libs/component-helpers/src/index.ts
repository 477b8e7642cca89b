export * from './node-selector';
export * from './tolerations';
