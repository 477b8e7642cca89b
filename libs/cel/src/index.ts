export {
  type Bindings,
  type Compilation,
  type Environment,
  type EnvironmentOptions,
  type Evaluation,
  type EvaluationOptions,
  newEnvironment,
  type Program,
} from './environment';
export { type Authorize, Decisions, evaluateWithAuthorizer } from './authorize';
export { costOfRule, costProblem, ruleCostLimit, schemaCostLimit, schemaCostName } from './cost/limits';
export type { Range } from './cost/range';
export { perCallLimit, runtimeCostBudget } from './evaluate/meter';
export {
  type AuthorizationCheck,
  type AuthorizationDecision,
  authorizerType,
  type Decide,
  DecisionNeeded,
  newAuthorizer,
  newRequestResource,
} from './library/authz';
export { jsonPatchType, objectType, typeNameProblems } from './library/mutation';
export { QuantityValue } from './library/quantities';
export { SemverValue } from './library/semvers';
export { policyWarnings, type PolicyKind, type PolicyKinds } from './policy-warnings';
export { resultProblem } from './result';
export { deviceType, namespaceType, requestType, variablesType } from './schema/admission';
export { escapeName, isIdentifier, unescapeName } from './schema/escape';
export { builtinType } from './schema/builtin';
export {
  cardinalityFactor,
  type SizedType,
  type StructuralSchema,
  structuralType,
  unboundedCardinality,
} from './schema/structural';
export {
  formatType,
  listOf,
  mapOf,
  objectOf,
  type ObjectType,
  opaque,
  optionalOf,
  readType,
  scalar,
  type Type,
} from './types';
export { type Device, type DeviceAttribute, deviceValue } from './values/device';
export { newLazyObject } from './values/collections';
export { jsonValue, type Reader, resourceReader, structuralReader, toJson } from './values/json';
export { parseDuration, parseTimestamp } from './values/time';
export {
  type CelMap,
  Duration,
  Failure,
  isList,
  isMap,
  type List,
  Optional,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
  type Value,
} from './values/value';
