import { validateCreate } from '../meta/validate';
import { newObject } from '../testing';
import { volumeAttachments } from './volumeattachments';

it('says of an attachment without attacher once that one is required', () => {
  const source = { persistentVolumeName: 'disk' };
  const made = newObject(volumeAttachments, { metadata: { name: 'disk-at-n' }, spec: { nodeName: 'n', source } });
  expect(validateCreate(volumeAttachments, made)).toEqual([
    { reason: 'FieldValueRequired', field: 'spec.attacher', message: 'Required value' },
  ]);
});
