export * from './definition';
export { age, humanDuration } from './print/duration';
export { table, resourceTable, type TableDependencies } from './table';
export type {
  CheckExpression,
  ExpressionProblem,
  ExpressionScope,
  ExpressionUse,
} from './admissionregistration/expressions';
export { scaleColumns } from './autoscaling/scale-columns';
export { requestOrganizations } from './certificates/subject';
export { mandatoryLevels, mandatorySchemas } from './flowcontrol/mandatory';
export type { IssueToken } from './core/serviceaccounts';
export * from './extensions';
export { parseSchedule, type Schedule, type ScheduleField } from './batch/schedule';
export { validateCreate, validateMeta, validateMetaUpdate, validateUpdate } from './meta/validate';
export * from './validation/causes';
export * from './validation/path';
