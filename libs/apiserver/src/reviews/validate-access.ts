import { labelValue, qualifiedName } from '@kubephant/api';
import { forbidden, invalidValue, none, Path, required, type Causes } from '@kubephant/resources';
import type {
  LocalSubjectAccessReview,
  NonResourceAttributes,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SubjectAccessReview,
} from '@kubephant/schema';

interface Asked {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: NonResourceAttributes;
}

interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

interface Selector {
  readonly rawSelector?: string;
  readonly requirements?: readonly Requirement[];
}

const spec = Path.root.child('spec');
const metadata = Path.root.child('metadata');

/** Operators that this server does not know are let through: others may. */
function validateOperator({ operator, values = [] }: Requirement, path: Path): Causes {
  const where = path.child('values');
  const isOneOf = operator === 'In' || operator === 'NotIn';
  const isThere = operator === 'Exists' || operator === 'DoesNotExist';
  if (isOneOf && values.length === 0) return [required(where, "must be specified when `operator` is 'In' or 'NotIn'")];
  if (isThere && values.length > 0)
    return [forbidden(where, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
  return none;
}

const validateField = (requirement: Requirement, path: Path): Causes => [
  ...(requirement.key ? none : [required(path.child('key'), 'must be specified')]),
  ...validateOperator(requirement, path),
];

const validateLabel = (requirement: Requirement, path: Path): Causes => [
  ...validateOperator(requirement, path),
  ...qualifiedName(requirement.key ?? '').map((detail) =>
    invalidValue(path.child('key'), requirement.key ?? '', detail),
  ),
  ...(requirement.values ?? []).flatMap((value, index) =>
    labelValue(value).map((detail) => invalidValue(path.child('values').index(index), value, detail)),
  ),
];

function validateSelector(
  selector: Selector | undefined,
  path: Path,
  validate: (requirement: Requirement, path: Path) => Causes,
): Causes {
  if (!selector) return none;
  const { rawSelector, requirements = [] } = selector;
  const where = path.child('requirements');
  const either = `when ${path.toString()} is specified, requirements or rawSelector is required`;
  return [
    ...(rawSelector && requirements.length > 0
      ? [invalidValue(path.child('rawSelector'), rawSelector, 'may not specified at the same time as requirements')]
      : none),
    ...(!rawSelector && requirements.length === 0 ? [required(where, either)] : none),
    ...requirements.flatMap((requirement, index) => validate(requirement, where.index(index))),
  ];
}

function validateAsked({ resourceAttributes, nonResourceAttributes }: Asked): Causes {
  const path = spec.child('resourceAttributes');
  const goForm = nonResourceAttributes && {
    Path: nonResourceAttributes.path ?? '',
    Verb: nonResourceAttributes.verb ?? '',
  };
  const together = 'cannot be specified in combination with resourceAttributes';
  const neither = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [
    ...(resourceAttributes && goForm ? [invalidValue(spec.child('nonResourceAttributes'), goForm, together)] : none),
    ...(!resourceAttributes && !goForm ? [invalidValue(path, null, neither)] : none),
    ...validateSelector(resourceAttributes?.fieldSelector, path.child('fieldSelector'), validateField),
    ...validateSelector(resourceAttributes?.labelSelector, path.child('labelSelector'), validateLabel),
  ];
}

/** Reviews have no names: `free` is what their metadata may hold besides the fields of who wrote them. */
function validateMetadata(meta: object, free: readonly string[], detail: string): Causes {
  const isBare = Object.keys(meta).every((field) => field === 'managedFields' || free.includes(field));
  return isBare ? none : [invalidValue(metadata, meta, detail)];
}

function validateSubject({ user, groups = [] }: SubjectAccessReview['spec']): Causes {
  const hasSubject = Boolean(user) || groups.length > 0;
  return hasSubject ? none : [invalidValue(spec.child('user'), '', 'at least one of user or group must be specified')];
}

export const validateOwnAccess = (review: SelfSubjectAccessReview): Causes => [
  ...validateAsked(review.spec),
  ...validateMetadata(review.metadata, [], 'must be empty'),
];

export const validateAccess = (review: SubjectAccessReview): Causes => [
  ...validateAsked(review.spec),
  ...validateSubject(review.spec),
  ...validateMetadata(review.metadata, [], 'must be empty'),
];

/** `namespace` is that of the path, which the review's own is. */
export function validateLocalAccess(
  { spec: asked, metadata: meta }: LocalSubjectAccessReview,
  namespace: string,
): Causes {
  const { resourceAttributes, nonResourceAttributes } = asked;
  const wanted = resourceAttributes?.namespace ?? '';
  const goForm = nonResourceAttributes && {
    Path: nonResourceAttributes.path ?? '',
    Verb: nonResourceAttributes.verb ?? '',
  };
  return [
    ...validateAsked(asked),
    ...validateSubject(asked),
    ...validateMetadata(meta, ['namespace'], 'must be empty except for namespace'),
    ...(resourceAttributes && wanted !== namespace
      ? [invalidValue(spec.child('resourceAttributes.namespace'), wanted, 'must match metadata.namespace')]
      : none),
    ...(goForm
      ? [invalidValue(spec.child('nonResourceAttributes'), goForm, 'disallowed on this kind of request')]
      : none),
  ];
}
