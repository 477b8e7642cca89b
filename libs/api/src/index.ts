export * from './field-selector';
export * from './ip';
export * from './names';
export * from './object';
export * from './selectors';
export * from './status';
