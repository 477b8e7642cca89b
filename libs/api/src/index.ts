export * from './field-selector';
export * from './ip';
export * from './label-selector';
export * from './names';
export * from './object';
export * from './quantity';
export * from './selectors';
export * from './status';
