export * from './fuzz';
export * from './mutate-json';
export * from './mutate-text';
export * from './random';
