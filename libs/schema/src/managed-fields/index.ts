export { apply, type Applied, type Apply } from './apply';
export type { FieldSet } from './field-set';
export type { Form, VersionedForm } from './ownership';
export { keepTimes } from './times';
export { trackUpdate, type Update } from './track-update';
