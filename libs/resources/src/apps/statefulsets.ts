import type { PersistentVolumeClaim, StatefulSet, StatefulSetUpdateStrategy } from '@kubephant/schema';
import { defineResource, type ResourceDefinition, type Strategy } from '../definition';
import { setTemplateDefaults } from '../pod-spec/defaults';
import { dropGatedFields } from '../pod-spec/gated';
import { podWarnings } from '../pod-spec/warnings';
import { ageColumn, nameColumn, templateColumns, text } from '../print/columns';
import { setClaimDefaults, sizeWarnings } from '../storage/claim-spec';
import { at } from '../validation/path';
import { replicaScale } from './scale';
import { validateStatefulSet, validateStatefulSetUpdate } from './statefulset-validate';
import { isNewGeneration, neverLess, validateCounts } from './template';

const path = at('spec');

/** A claim template is a whole claim, down to the status it begins with. */
function setClaimTemplateDefaults(claim: PersistentVolumeClaim): void {
  claim.kind = 'PersistentVolumeClaim';
  claim.apiVersion = 'v1';
  setClaimDefaults(claim.spec);
  const status = (claim.status ??= {});
  status.phase ||= 'Pending';
}

/** Whoever names the strategy may leave out its details. */
function setStrategyDefaults(strategy: StatefulSetUpdateStrategy): void {
  if (!strategy.type) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
}

function setDefaults({ spec }: StatefulSet): void {
  spec.replicas ??= 1;
  spec.podManagementPolicy ||= 'OrderedReady';
  setStrategyDefaults((spec.updateStrategy ??= {}));
  spec.revisionHistoryLimit ??= 10;
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  retention.whenDeleted ||= 'Retain';
  retention.whenScaled ||= 'Retain';
  setTemplateDefaults(spec.template);
  for (const claim of spec.volumeClaimTemplates ?? []) setClaimTemplateDefaults(claim);
}

/** Also `maxUnavailable`, whose gate MaxUnavailableStatefulSet is off. */
function dropFields({ spec: { template, updateStrategy } }: StatefulSet): void {
  if (template.spec) dropGatedFields(template.spec);
  delete updateStrategy?.rollingUpdate?.maxUnavailable;
}

const negativeLimit = 'a negative value retains all historical revisions; a value >= 0 is recommended';

/** Of a changed set, claims are called after the field of the struct that holds them. */
const warnings = (set: StatefulSet, old?: StatefulSet): readonly string[] => [
  ...(isNewGeneration(set, old) ? podWarnings(set.spec.template, path.child('template')) : []),
  ...(set.spec.volumeClaimTemplates ?? []).flatMap((claim, index) => {
    const where = path.child('volumeClaimTemplates').index(index);
    return sizeWarnings(claim.spec, old ? where.child('Spec') : where);
  }),
  ...((set.spec.revisionHistoryLimit ?? 0) < 0
    ? [`${path.child('revisionHistoryLimit').toString()}: ${negativeLimit}`]
    : []),
];

const strategy: Strategy<StatefulSet> = {
  prepareForCreate: dropFields,
  prepareForUpdate: dropFields,
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  warnings,
};

const statusStrategy: Strategy<StatefulSet> = {
  validateUpdate: ({ status }, old) => [
    ...validateCounts(status, [
      'replicas',
      'readyReplicas',
      'currentReplicas',
      'updatedReplicas',
      'availableReplicas',
      'observedGeneration',
      'collisionCount',
    ]),
    ...neverLess(status?.collisionCount, old.status?.collisionCount, at('status', 'collisionCount')),
  ],
};

export const statefulSets: ResourceDefinition = defineResource<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  scope: 'Namespaced',
  names: { plural: 'statefulsets', singular: 'statefulset', short: ['sts'], categories: ['all'] },
  schema: 'io.k8s.api.apps.v1.StatefulSet',
  nameRule: 'dns1123Label',
  generation: true,
  defaultPropagation: 'Background',
  columns: [
    nameColumn,
    text(
      'Ready',
      'Pods ready, of all wanted.',
      ({ spec: { replicas }, status }) => `${status?.readyReplicas ?? 0}/${replicas ?? 0}`,
    ),
    ageColumn,
    ...templateColumns,
  ],
  defaults: setDefaults,
  strategy,
  subresources: {
    status: { kind: 'status', strategy: statusStrategy },
    scale: replicaScale,
  },
});
