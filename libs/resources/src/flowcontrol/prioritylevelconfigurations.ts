import type {
  ExemptPriorityLevelConfiguration,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  QueuingConfiguration,
} from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { statusAlone } from '../meta/for-status';
import { ageColumn, nameColumn, text } from '../print/columns';
import { forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { equal, inRange, oneOf, optional, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at, type Path } from '../validation/path';
import { validateConditionTypes } from './conditions';
import { mandatoryLevels } from './mandatory';

type Level = PriorityLevelConfiguration;

const spec = at('spec');
const mostQueues = 10_000_000;
/** Bits of the hash that deals a flow its hand of queues. */
const hashBits = 60;

const entropyBits = (deck: number, hand: number): number => Math.ceil(Math.log2(deck) * hand);

const positiveCount = (count: number, path: Path): Causes =>
  when(count <= 0, () => invalidValue(path, count, 'must be positive'));

function validateHand({ queues = 0, handSize = 0 }: QueuingConfiguration, path: Path): Causes {
  if (handSize <= 0) return positiveCount(handSize, path);
  if (handSize > queues) return [invalidValue(path, handSize, `should not be greater than queues (${queues})`)];
  const what = `required entropy bits of deckSize ${queues} and handSize ${handSize}`;
  return when(entropyBits(queues, handSize) > hashBits, () =>
    invalidValue(path, handSize, `${what} should not be greater than ${hashBits}`),
  );
}

const validateQueuing = (queuing: QueuingConfiguration, path: Path): Causes => [
  ...positiveCount(queuing.queueLengthLimit ?? 0, path.child('queueLengthLimit')),
  ...positiveCount(queuing.queues ?? 0, path.child('queues')),
  ...when((queuing.queues ?? 0) > mostQueues, () =>
    invalidValue(path.child('queues'), queuing.queues, `must not be greater than ${mostQueues}`),
  ),
  ...validateHand(queuing, path.child('handSize')),
];

function validateResponse({ type, queuing }: LimitResponse, path: Path): Causes {
  const where = path.child('queuing');
  if (type === 'Reject') {
    return when(queuing !== undefined, () =>
      forbidden(where, 'must be nil if limited.limitResponse.type is not Limited'),
    );
  }
  if (type !== 'Queue') return oneOf(type, path.child('type'), ['Queue', 'Reject']);
  return queuing
    ? validateQueuing(queuing, where)
    : [required(where, 'must not be empty if limited.limitResponse.type is Limited')];
}

/** What both types of levels have in common. */
const validateShares = (shares: ExemptPriorityLevelConfiguration, path: Path): Causes => [
  ...optional(shares.nominalConcurrencyShares, path.child('nominalConcurrencyShares'), (count, where) =>
    when(count < 0, () => invalidValue(where, count, 'must be a non-negative integer')),
  ),
  ...optional(shares.lendablePercent, path.child('lendablePercent'), (percent, where) =>
    inRange(percent, where, [0, 100]),
  ),
];

const validateLimited = (limited: LimitedPriorityLevelConfiguration, path: Path): Causes => [
  ...validateShares(limited, path),
  ...optional(limited.borrowingLimitPercent, path.child('borrowingLimitPercent'), (percent, where) =>
    when(percent < 0, () => invalidValue(where, percent, 'if specified, must be a non-negative integer')),
  ),
  ...validateResponse(limited.limitResponse ?? { type: '' }, path.child('limitResponse')),
];

function validateByType({ type, limited, exempt }: Level['spec']): Causes {
  if (type === 'Exempt') {
    return [
      ...when(limited !== undefined, () => forbidden(spec.child('limited'), 'must be nil if the type is not Limited')),
      ...optional(exempt, spec.child('exempt'), validateShares),
    ];
  }
  if (type !== 'Limited') return oneOf(type, spec.child('type'), ['Exempt', 'Limited']);
  return [
    ...when(exempt !== undefined, () => forbidden(spec.child('exempt'), 'must be nil if the type is Limited')),
    ...(limited
      ? validateLimited(limited, spec.child('limited'))
      : [required(spec.child('limited'), 'must not be empty when type is Limited')]),
  ];
}

/** Of the exempt level, administrators may say what it lends. */
function validateMandatory({ metadata: { name }, spec: wanted }: Level): Causes {
  const fixed = mandatoryLevels.get(name);
  if (!fixed) return none;
  const isExempt = name === 'exempt';
  const { exempt: _, ...rest } = wanted;
  const { exempt: __, ...fixedRest } = fixed;
  if (isExempt ? equal(rest, fixedRest) : equal(wanted, fixed)) return none;
  const exception = isExempt ? " except the 'spec.exempt' field" : '';
  const shown = goForm('io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec', wanted);
  return [invalidValue(spec, shown, `spec of '${name}'${exception} must equal the fixed value`)];
}

function validate(level: Level): Causes {
  const { metadata, spec: wanted } = level;
  const isMisnamed = (metadata.name === 'exempt') !== (wanted.type === 'Exempt');
  return [
    ...when(isMisnamed, () =>
      invalidValue(spec.child('type'), wanted.type, "must be 'Exempt' if and only if `name` is 'exempt'"),
    ),
    ...validateByType(wanted),
    ...validateMandatory(level),
    ...validateConditionTypes(level),
  ];
}

function setDefaults({ spec: { limited, exempt } }: Level): void {
  if (exempt) {
    exempt.nominalConcurrencyShares ??= 0;
    exempt.lendablePercent ??= 0;
  }
  if (!limited) return;
  limited.nominalConcurrencyShares ??= 30;
  limited.lendablePercent ??= 0;
  const queuing = limited.limitResponse?.queuing;
  if (!queuing) return;
  queuing.queues ||= 64;
  queuing.handSize ||= 8;
  queuing.queueLengthLimit ||= 50;
}

const unlimited = '<none>';
const queuingOf = ({ spec: { limited } }: Level): QueuingConfiguration | undefined => limited?.limitResponse?.queuing;

const columns: readonly Column<Level>[] = [
  nameColumn,
  text('Type', 'Whether its requests are limited.', ({ spec: { type } }) => type),
  text(
    'NominalConcurrencyShares',
    'Its share of the places.',
    ({ spec: { limited } }) => limited?.nominalConcurrencyShares ?? unlimited,
  ),
  text('Queues', 'How many queues it has.', (level) => queuingOf(level)?.queues ?? unlimited),
  text('HandSize', 'How many of them a flow may use.', (level) => queuingOf(level)?.handSize ?? unlimited),
  text(
    'QueueLengthLimit',
    'How many requests wait in one.',
    (level) => queuingOf(level)?.queueLengthLimit ?? unlimited,
  ),
  ageColumn,
];

export const priorityLevelConfigurations: ResourceDefinition = defineResource<Level>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  scope: 'Cluster',
  names: { plural: 'prioritylevelconfigurations', singular: 'prioritylevelconfiguration' },
  schema: 'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration',
  generation: true,
  columns,
  defaults: setDefaults,
  strategy: { validate, validateUpdate: validate },
  subresources: {
    status: { kind: 'status', strategy: { ...statusAlone, validateUpdate: validateConditionTypes } },
  },
});
