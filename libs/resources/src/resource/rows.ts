import type { CheckExpression } from '../admissionregistration/expressions';
import type { ResourceDefinition } from '../definition';
import { deviceClasses } from './deviceclasses';
import { resourceClaims, resourceClaimTemplates } from './resourceclaims';
import { resourceSlices } from './resourceslices';

/** Devices, and what asks for them. */
export const deviceRows = (checkExpression?: CheckExpression): readonly ResourceDefinition[] => [
  deviceClasses(checkExpression),
  resourceClaims(checkExpression),
  resourceClaimTemplates(checkExpression),
  resourceSlices,
];
