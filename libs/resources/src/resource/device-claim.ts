import { dns1123Subdomain } from '@kubephant/api';
import type {
  DeviceClaim,
  DeviceClaimConfiguration,
  DeviceConstraint,
  DeviceRequest,
  DeviceSubRequest,
  ExactDeviceRequest,
} from '@kubephant/schema';
import type { Checking } from '../admissionregistration/expressions';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { requiredAnd, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { validateOpaque, validateSelectors } from './device-config';
import { eachDistinct, eachUpTo, itself } from './lists';
import { validateFullyQualifiedName, validateLabel } from './names';
import { validateTolerations } from './taints';

const maxRequests = 32;
const maxAlternatives = 8;
const maxConstraints = 32;
const maxConfigurations = 32;

/** Names that the rest of a claim may refer to: of requests, and of what they would take instead. */
export const requestNames = ({ requests }: DeviceClaim): ReadonlySet<string> =>
  new Set(
    (requests ?? []).flatMap(({ name, firstAvailable = [] }) => [
      name,
      ...firstAvailable.map((alternative) => `${name}/${alternative.name}`),
    ]),
  );

const unknownRequest =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

export function validateRequestName(name: string, path: Path, known: ReadonlySet<string>): Causes {
  const parts = name.split('/');
  if (parts.length > 2) return [invalidValue(path, name, unknownRequest)];
  return [
    ...parts.flatMap((part) => validateLabel(part, path)),
    ...when(!known.has(name), () => invalidValue(path, name, unknownRequest)),
  ];
}

export const validateRequestNames = (
  names: readonly string[] | undefined,
  path: Path,
  known: ReadonlySet<string>,
): Causes =>
  eachDistinct({ max: maxRequests, key: itself }, names, path, (name, where) =>
    validateRequestName(name, where, known),
  );

type Wanted = ExactDeviceRequest | DeviceSubRequest;

function validateCount({ allocationMode, count = 0 }: Wanted, path: Path): Causes {
  const where = path.child('count');
  switch (allocationMode) {
    case 'All':
      return when(count !== 0, () => invalidValue(where, count, "must not be specified when allocationMode is 'All'"));
    case 'ExactCount':
      return when(count <= 0, () => invalidValue(where, count, 'must be greater than zero'));
    default:
      return [notSupported(path.child('allocationMode'), allocationMode ?? '', ['All', 'ExactCount'])];
  }
}

const validateWanted = (wanted: Wanted, path: Path, checking: Checking): Causes => [
  ...requiredAnd(wanted.deviceClassName, path.child('deviceClassName'), (name) => dns1123Subdomain(name)),
  ...validateSelectors(wanted.selectors, path.child('selectors'), checking),
  ...validateCount(wanted, path),
  ...validateTolerations(wanted.tolerations, path.child('tolerations')),
];

const oneWay = 'exactly one of `exactly` or `firstAvailable` is required';

function validateWay({ exactly, firstAvailable = [] }: DeviceRequest, path: Path, checking: Checking): Causes {
  if (exactly && firstAvailable.length > 0) {
    return [invalidValue(path, null, `${oneWay}, but multiple fields are set`)];
  }
  if (exactly) return validateWanted(exactly, path.child('exactly'), checking);
  if (firstAvailable.length === 0) return [required(path, oneWay)];
  const keyed = { max: maxAlternatives, key: ({ name }: DeviceSubRequest) => name };
  return eachDistinct(keyed, firstAvailable, path.child('firstAvailable'), (alternative, where) => [
    ...validateLabel(alternative.name, where.child('name')),
    ...validateWanted(alternative, where, checking),
  ]);
}

const eitherAttribute =
  'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';

function validateConstraint(constraint: DeviceConstraint, path: Path, known: ReadonlySet<string>): Causes {
  const { requests, matchAttribute, distinctAttribute } = constraint;
  const attribute = (['matchAttribute', 'distinctAttribute'] as const).find((field) => constraint[field] !== undefined);
  return [
    ...validateRequestNames(requests, path.child('requests'), known),
    ...(attribute
      ? validateFullyQualifiedName(matchAttribute ?? distinctAttribute ?? '', path.child(attribute))
      : [required(path, eitherAttribute)]),
  ];
}

const validateConfiguration = (
  { requests, opaque }: DeviceClaimConfiguration,
  path: Path,
  known: ReadonlySet<string>,
): Causes => [
  ...validateRequestNames(requests, path.child('requests'), known),
  ...validateOpaque(opaque, path.child('opaque')),
];

/** What devices a claim asks for, how they must fit together and how they are set up. */
export function validateDeviceClaim(claim: DeviceClaim | undefined, path: Path, checking: Checking): Causes {
  if (!claim) return none;
  const known = requestNames(claim);
  const keyed = { max: maxRequests, key: ({ name }: DeviceRequest) => name };
  return [
    ...eachDistinct(keyed, claim.requests, path.child('requests'), (request, where) => [
      ...validateLabel(request.name, where.child('name')),
      ...validateWay(request, where, checking),
    ]),
    ...eachUpTo(maxConstraints, claim.constraints, path.child('constraints'), (constraint, where) =>
      validateConstraint(constraint, where, known),
    ),
    ...eachUpTo(maxConfigurations, claim.config, path.child('config'), (configuration, where) =>
      validateConfiguration(configuration, where, known),
    ),
  ];
}

/** One device where nobody says how many. */
function setWantedDefaults(wanted: Wanted): void {
  wanted.allocationMode ||= 'ExactCount';
  if (wanted.allocationMode === 'ExactCount') wanted.count ||= 1;
  for (const toleration of wanted.tolerations ?? []) toleration.operator ||= 'Equal';
}

export function setClaimDefaults(claim: DeviceClaim | undefined): void {
  for (const { exactly, firstAvailable = [] } of claim?.requests ?? []) {
    for (const wanted of [...(exactly ? [exactly] : []), ...firstAvailable]) setWantedDefaults(wanted);
  }
}
