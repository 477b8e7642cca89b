export * from './definition';
export { age, humanDuration } from './print/duration';
export { table, resourceTable, type TableDependencies } from './table';
export type { IssueToken } from './core/serviceaccounts';
