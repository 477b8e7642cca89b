export { approvalOf } from './approval';
export { conditionOf, isTrue, removeCondition, setCondition } from './conditions';
export { customRow, formOf, type EvaluateRules } from './custom-row';
export { cleanupFinalizer } from './customresourcedefinitions';
export { parseJsonPath, type JsonPath } from './json-path';
export { refuseRules } from './rules';
export type { CheckRules } from './validate';
