import { dns1123Label, qualifiedName } from '@kubephant/api';
import type { Namespace } from '@kubephant/schema';
import { defineResource, type ResourceDefinition, type Strategy } from '../definition';
import { isStandardOrQualified } from '../meta/finalizers';
import { ageColumn, nameColumn, text } from '../print/columns';
import { invalidValue, type Causes } from '../validation/causes';
import { each, follows, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { validatePodSecurityLabels } from './pod-security-labels';

const nameLabel = 'kubernetes.io/metadata.name';
const finalizer = 'kubernetes';
const finalizersPath = at('spec', 'finalizers');

/** Every namespace can be selected by its name. */
function labelWithName({ metadata }: Namespace): void {
  if (metadata.name) metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
}

const validateFinalizer = (name: string, path: Path): Causes => [
  ...follows(name, path, qualifiedName),
  ...isStandardOrQualified(name, path),
];

const validate = ({ metadata, spec }: Namespace): Causes => [
  ...(spec.finalizers ?? []).flatMap((name) => validateFinalizer(name, finalizersPath)),
  ...validatePodSecurityLabels(metadata.labels ?? {}),
];

const strategy: Strategy<Namespace> = {
  prepareForCreate(namespace) {
    // A name made from generateName was not there when defaults were set.
    if (dns1123Label(namespace.metadata.name || '-').length === 0) labelWithName(namespace);
    const finalizers = namespace.spec.finalizers ?? [];
    namespace.spec.finalizers = finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer];
    namespace.status = { phase: 'Active' };
  },
  prepareForUpdate(namespace, old) {
    namespace.spec = structuredClone(old.spec);
  },
  validate,
  validateUpdate: validate,
};

function validatePhase({ metadata, status }: Namespace): Causes {
  const [phase, state] = metadata.deletionTimestamp ? ['Terminating', 'not empty'] : ['Active', 'empty'];
  return when(status?.phase !== phase, () =>
    invalidValue(
      at('status', 'phase'),
      status?.phase ?? '',
      `may only be '${phase}' if \`deletionTimestamp\` is ${state}`,
    ),
  );
}

/** Takes the finalizers of the spec and nothing else. */
const finalizeStrategy: Strategy<Namespace> = {
  prepareForUpdate(namespace, old) {
    if (old.status) namespace.status = structuredClone(old.status);
  },
  validateUpdate: ({ spec }) => each(spec.finalizers, finalizersPath, validateFinalizer),
};

export const namespaces: ResourceDefinition = defineResource<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  scope: 'Cluster',
  names: { plural: 'namespaces', singular: 'namespace', short: ['ns'] },
  schema: 'io.k8s.api.core.v1.Namespace',
  nameRule: 'dns1123Label',
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  deleteReturnsObject: true,
  columns: [
    nameColumn,
    text('Status', 'Active, or Terminating while its content is deleted.', ({ status }) => status?.phase ?? ''),
    ageColumn,
  ],
  fields: [{ path: 'status.phase', value: ({ status }) => status?.phase ?? '' }],
  defaults: labelWithName,
  strategy,
  deletion: {
    begin(namespace) {
      namespace.status = { ...namespace.status, phase: 'Terminating' };
    },
    finished: ({ spec }) => (spec.finalizers ?? []).length === 0,
  },
  subresources: {
    status: { kind: 'status', strategy: { validateUpdate: validatePhase } },
    finalize: { kind: 'part', verbs: ['update'], strategy: finalizeStrategy },
  },
});
