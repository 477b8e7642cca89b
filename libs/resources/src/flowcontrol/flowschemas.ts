import { dns1123Subdomain } from '@kubephant/api';
import type { FlowSchema } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { statusAlone } from '../meta/for-status';
import { ageColumn, nameColumn, orNone, text } from '../print/columns';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { each, equal, follows, optional, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at } from '../validation/path';
import { validateConditionTypes } from './conditions';
import { validateRules } from './flow-rules';
import { mandatorySchemas } from './mandatory';

const spec = at('spec');
const methods = ['ByNamespace', 'ByUser'];
const defaultPrecedence = 1000;
const lowestPrecedence = 10_000;

const asGo = (wanted: FlowSchema['spec']): unknown => goForm('io.k8s.api.flowcontrol.v1.FlowSchemaSpec', wanted);

function validatePrecedence({ metadata, spec: { matchingPrecedence: precedence = 0 } }: FlowSchema): Causes {
  const path = spec.child('matchingPrecedence');
  return [
    ...when(precedence <= 0, () => invalidValue(path, precedence, 'must be a positive value')),
    ...when(precedence > lowestPrecedence, () =>
      invalidValue(path, precedence, `must not be greater than ${lowestPrecedence}`),
    ),
    ...when(precedence === 1 && metadata.name !== 'exempt', () =>
      invalidValue(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"),
    ),
  ];
}

function validateLevel({ priorityLevelConfiguration: { name } }: FlowSchema['spec']): Causes {
  const path = spec.child('priorityLevelConfiguration', 'name');
  return name
    ? follows(name, path, (text_) => dns1123Subdomain(text_))
    : [required(path, 'must reference a priority level')];
}

function validateMandatory({ metadata: { name }, spec: wanted }: FlowSchema): Causes {
  const fixed = mandatorySchemas.get(name);
  if (!fixed || equal(wanted, fixed)) return none;
  return [invalidValue(spec, asGo(wanted), `spec of '${name}' must equal the fixed value`)];
}

const validate = (schema: FlowSchema): Causes => [
  ...validatePrecedence(schema),
  ...optional(schema.spec.distinguisherMethod, spec.child('distinguisherMethod', 'type'), ({ type }, path) =>
    // Upstream quotes the struct, not the type in it.
    when(!methods.includes(type), () => notSupported(path, { Type: type }, methods)),
  ),
  ...validateLevel(schema.spec),
  ...each(schema.spec.rules, spec.child('rules'), validateRules),
  ...validateMandatory(schema),
  ...validateConditionTypes(schema),
];

const columns: readonly Column<FlowSchema>[] = [
  nameColumn,
  text('PriorityLevel', 'Where its requests queue.', ({ spec: wanted }) => wanted.priorityLevelConfiguration.name),
  text('MatchingPrecedence', 'Lower ones are tried first.', ({ spec: wanted }) => wanted.matchingPrecedence ?? 0),
  text('DistinguisherMethod', 'What makes one flow of requests.', ({ spec: { distinguisherMethod } }) =>
    orNone(distinguisherMethod?.type),
  ),
  ageColumn,
  text(
    'MissingPL',
    'Whether the level does not exist.',
    ({ status }) => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  ),
];

export const flowSchemas: ResourceDefinition = defineResource<FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  scope: 'Cluster',
  names: { plural: 'flowschemas', singular: 'flowschema' },
  schema: 'io.k8s.api.flowcontrol.v1.FlowSchema',
  generation: true,
  columns,
  defaults({ spec: wanted }) {
    wanted.matchingPrecedence ||= defaultPrecedence;
  },
  strategy: { validate, validateUpdate: validate },
  subresources: {
    status: { kind: 'status', strategy: { ...statusAlone, validateUpdate: validateConditionTypes } },
  },
});
