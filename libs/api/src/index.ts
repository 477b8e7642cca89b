export * from './field-selector';
export * from './object';
export * from './selectors';
export * from './status';
