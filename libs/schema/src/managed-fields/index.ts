export { apply, type Applied, type ApplyRequest } from './apply';
export type { FieldSet } from './field-set';
export type { Form as OwnershipForm, VersionedForm } from './ownership';
export { keepTimes } from './times';
export { trackUpdate, type UpdateRequest } from './track-update';
