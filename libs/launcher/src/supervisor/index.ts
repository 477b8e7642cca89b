export * from './guardian';
export * from './process-spec';
export * from './process-table';
export * from './stop';
export * from './supervisor';
