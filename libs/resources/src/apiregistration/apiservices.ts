import { dns1035Label, dns1123Subdomain, pathSegment, portNumber, timestamp } from '@kubephant/api';
import type { APIService, ApiregistrationV1ServiceReference } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { statusAlone } from '../meta/for-status';
import { ageColumn, nameColumn, text } from '../print/columns';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { each, follows, present, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const spec = at('spec');
const available = 'Available';
const highestGroupPriority = 20_000;
const highestVersionPriority = 1000;

/** A group version that this server answers itself is there as soon as it is named. */
const local = (now: Date) => ({
  type: available,
  status: 'True' as const,
  lastTransitionTime: timestamp(now.getTime()),
  reason: 'Local',
  message: 'Local APIServices are always available',
});

/** A name that could be one, and what names are generated from. */
function validateName({ metadata, spec: { group = '', version = '' } }: APIService): Causes {
  const wanted = `${version}.${group}`;
  const detail = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`;
  return (['generateName', 'name'] as const).flatMap((field) => {
    const name = metadata[field];
    const isOther = Boolean(name) && name !== wanted && pathSegment(name ?? '').length === 0;
    return when(isOther, () => invalidValue(at('metadata', field), name, detail));
  });
}

function validateGroup({ group = '', version = '' }: APIService['spec']): Causes {
  const path = spec.child('group');
  if (group) return follows(group, path, (name) => dns1123Subdomain(name));
  return when(version !== 'v1', () => required(path, 'only v1 may have an empty group and it better be legacy kube'));
}

const validatePriority = (value: number | undefined, path: Path, highest: number): Causes =>
  when((value ?? 0) <= 0 || (value ?? 0) > highest, () =>
    invalidValue(path, value ?? 0, `must be positive and less than ${highest}`),
  );

function validateLocal({ caBundle, insecureSkipTLSVerify }: APIService['spec']): Causes {
  const bytes = Buffer.byteLength(caBundle ?? '', 'base64');
  return [
    ...when(bytes > 0, () =>
      invalidValue(spec.child('caBundle'), `${bytes} bytes`, 'local APIServices may not have a caBundle'),
    ),
    ...when(insecureSkipTLSVerify === true, () =>
      invalidValue(spec.child('insecureSkipTLSVerify'), true, 'local APIServices may not have insecureSkipTLSVerify'),
    ),
  ];
}

const validateReference = ({ namespace, name, port }: ApiregistrationV1ServiceReference, path: Path): Causes => [
  ...present(namespace, path.child('namespace')),
  ...present(name, path.child('name')),
  ...portNumber(port ?? 0).map((detail) => invalidValue(path.child('port'), port, `port is not valid: ${detail}`)),
];

function validateWhere(wanted: APIService['spec']): Causes {
  if (!wanted.service) return validateLocal(wanted);
  return [
    ...validateReference(wanted.service, spec.child('service')),
    ...when(wanted.insecureSkipTLSVerify === true && Boolean(wanted.caBundle), () =>
      invalidValue(spec.child('insecureSkipTLSVerify'), true, 'may not be true if caBundle is present'),
    ),
  ];
}

const validate = (apiService: APIService): Causes => [
  ...validateName(apiService),
  ...validateGroup(apiService.spec),
  ...follows(apiService.spec.version, spec.child('version'), dns1035Label),
  ...validatePriority(apiService.spec.groupPriorityMinimum, spec.child('groupPriorityMinimum'), highestGroupPriority),
  ...validatePriority(apiService.spec.versionPriority, spec.child('versionPriority'), highestVersionPriority),
  ...validateWhere(apiService.spec),
];

const statuses = ['True', 'False', 'Unknown'];

const validateStatus = ({ status }: APIService): Causes =>
  each(status?.conditions, at('status', 'conditions'), ({ status: value }, path) =>
    statuses.includes(value) ? none : [notSupported(path.child('status'), value, statuses)],
  );

function availability({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === available);
  if (!condition) return 'Unknown';
  const { status: value, reason } = condition;
  return value !== 'True' && reason ? `${value} (${reason})` : value;
}

/** Who answers for a group version: this server, or one behind a service. */
export const apiServices: ResourceDefinition = defineResource<APIService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  scope: 'Cluster',
  names: { plural: 'apiservices', singular: 'apiservice', categories: ['api-extensions'] },
  schema: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService',
  nameRule: 'pathSegment',
  conditionalUpdate: true,
  columns: [
    nameColumn,
    text('Service', 'Service that answers, or Local.', ({ spec: { service } }) =>
      service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local',
    ),
    text('Available', 'Whether it answers.', availability),
    ageColumn,
  ],
  defaults({ spec: { service } }) {
    if (service) service.port ??= 443;
  },
  strategy: {
    prepareForCreate(apiService, { now }) {
      apiService.status = apiService.spec.service ? {} : { conditions: [local(now)] };
    },
    validate,
    validateUpdate: validate,
  },
  subresources: {
    status: { kind: 'status', strategy: { ...statusAlone, validateUpdate: validateStatus } },
  },
});
