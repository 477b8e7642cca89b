import type { ResourceClaim, ResourceClaimTemplate } from '@kubephant/schema';
import type { CheckExpression } from '../admissionregistration/expressions';
import { defineResource, type ResourceDefinition } from '../definition';
import { keepMetadata, statusAlone } from '../meta/for-status';
import { validateTemplateFields } from '../meta/template';
import { validateAnnotations } from '../meta/validate';
import { ageColumn, nameColumn, text } from '../print/columns';
import { invalidValue, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { validateLabels } from '../validation/labels';
import { at } from '../validation/path';
import { dropDeallocatedDevices, validateClaimStatus } from './claim-status';
import { setClaimDefaults, validateDeviceClaim } from './device-claim';

const spec = at('spec');

/** The whole specification stays as it is, and so need not be looked at again. */
const validateUnchanged = <T extends { readonly spec: object }>(definition: string, { spec: now }: T, old: T): Causes =>
  when(!equal(now, old.spec), () => invalidValue(spec, goForm(definition, now), 'field is immutable'));

/** `pending`, `allocated,reserved`, `deleted,allocated`. */
function stateText({ metadata, status }: ResourceClaim): string {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const isAllocated = status?.allocation !== undefined;
  return [
    isDeleted && 'deleted',
    !isAllocated && !isDeleted && 'pending',
    isAllocated && 'allocated',
    isAllocated && (status.reservedFor ?? []).length > 0 && 'reserved',
  ]
    .filter(Boolean)
    .join(',');
}

/** Claims of devices. Whether a namespace may ask for `adminAccess` is for admission to say. */
export const resourceClaims = (checkExpression?: CheckExpression): ResourceDefinition =>
  defineResource<ResourceClaim>({
    group: 'resource.k8s.io',
    version: 'v1',
    kind: 'ResourceClaim',
    scope: 'Namespaced',
    names: { plural: 'resourceclaims', singular: 'resourceclaim' },
    schema: 'io.k8s.api.resource.v1.ResourceClaim',
    deleteReturnsObject: true,
    columns: [nameColumn, text('State', 'Whether there are devices for it.', stateText), ageColumn],
    defaults: ({ spec: { devices } }) => setClaimDefaults(devices),
    strategy: {
      validate: (claim) => validateDeviceClaim(claim.spec.devices, spec.child('devices'), { checkExpression }),
      validateUpdate: (claim, old) => validateUnchanged('io.k8s.api.resource.v1.ResourceClaimSpec', claim, old),
    },
    subresources: {
      status: {
        kind: 'status',
        strategy: {
          ...statusAlone,
          prepareForUpdate(claim, old) {
            keepMetadata(claim, old);
            dropDeallocatedDevices(claim, old);
          },
          validateUpdate: validateClaimStatus,
        },
      },
    },
  });

function validateTemplate(template: ResourceClaimTemplate, checkExpression: CheckExpression | undefined): Causes {
  const { metadata, spec: claim } = template.spec;
  const path = spec.child('metadata');
  return [
    ...validateAnnotations(metadata?.annotations, path.child('annotations')),
    ...validateLabels(metadata?.labels, path.child('labels')),
    ...validateTemplateFields(metadata, path),
    ...validateDeviceClaim(claim.devices, spec.child('spec', 'devices'), { checkExpression }),
  ];
}

/** Claims to be made, one for each pod. */
export const resourceClaimTemplates = (checkExpression?: CheckExpression): ResourceDefinition =>
  defineResource<ResourceClaimTemplate>({
    group: 'resource.k8s.io',
    version: 'v1',
    kind: 'ResourceClaimTemplate',
    scope: 'Namespaced',
    names: { plural: 'resourceclaimtemplates', singular: 'resourceclaimtemplate' },
    schema: 'io.k8s.api.resource.v1.ResourceClaimTemplate',
    deleteReturnsObject: true,
    columns: [nameColumn, ageColumn],
    defaults: ({ spec: { spec: claim } }) => setClaimDefaults(claim.devices),
    strategy: {
      validate: (template) => validateTemplate(template, checkExpression),
      validateUpdate: (template, old) => [
        ...validateTemplate(template, checkExpression),
        ...validateUnchanged('io.k8s.api.resource.v1.ResourceClaimTemplateSpec', template, old),
      ],
    },
  });
