import { qualifiedName, type NameRule } from '@kubephant/api';
import type { ObjectReference } from '@kubephant/schema';
import { invalidValue, none, type Causes } from '../validation/causes';
import { equal, follows, present, when, type Absent } from '../validation/checks';
import { at } from '../validation/path';
import type { CoreEvent } from './event-types';

/** Which API the event came through: the older one asks for less. */
type Form = 'core' | 'new';

const atMost = (text: string | Absent, field: string, max: number): Causes =>
  when((text ?? '').length > max, () => invalidValue(at(field), '', `can have at most ${max} characters`));

/**
 * An event lives beside the object it is about; events about cluster-scoped objects live in `default`. Complete events
 * may live elsewhere, those about cluster-scoped objects in `kube-system` only.
 */
function validateNamespace({ metadata, eventTime, involvedObject: { namespace = '' } }: CoreEvent): Causes {
  const own = metadata.namespace ?? '';
  const shared = ['default', eventTime ? 'kube-system' : ''];
  const matches = namespace === '' ? shared.includes(own) : Boolean(eventTime) || namespace === own;
  const path = at('involvedObject', 'namespace');
  return when(!matches, () => invalidValue(path, namespace, 'does not match event.namespace'));
}

const requiredName = (value: string | Absent, field: string, rule?: NameRule): Causes => [
  ...present(value, at(field)),
  ...(rule ? follows(value, at(field), rule) : none),
];

/** What a complete event must say. Field names are those of the stored form. */
function validateReport(event: CoreEvent, form: Form): Causes {
  return [
    ...requiredName(
      event.reportingComponent,
      form === 'core' ? 'reportingComponent' : 'reportingController',
      qualifiedName,
    ),
    ...requiredName(event.reportingInstance, 'reportingInstance'),
    ...atMost(event.reportingInstance, 'reportingInstance', 128),
    ...requiredName(event.action, 'action'),
    ...atMost(event.action, 'action', 128),
    ...requiredName(event.reason, 'reason'),
    ...atMost(event.reason, 'reason', 128),
    ...atMost(event.message, 'message', 1024),
  ];
}

/** The rules of core/v1: an event without `eventTime` is of the old kind, and may say little. */
export function validateEvent(event: CoreEvent, form: Form = 'core'): Causes {
  return [...validateNamespace(event), ...(event.eventTime ? validateReport(event, form) : none)];
}

function validateSeries({ series }: CoreEvent): Causes {
  if (!series) return none;
  return [
    ...when((series.count ?? 0) < 2, () => invalidValue(at('series', 'count'), '', 'should be at least 2')),
    ...present(series.lastObservedTime, at('series', 'lastObservedTime')),
  ];
}

const leftUnset = ['firstTimestamp', 'lastTimestamp', 'count', 'source'] as const;

const validateNew = (event: CoreEvent): Causes => [
  ...validateSeries(event),
  ...present(event.eventTime, at('eventTime')),
  ...when(event.type !== 'Normal' && event.type !== 'Warning', () =>
    invalidValue(at('type'), '', `has invalid value: ${event.type ?? ''}`),
  ),
  ...leftUnset.flatMap((field) =>
    when(!equal(event[field] || undefined, undefined), () => invalidValue(at(field), '', 'needs to be unset')),
  ),
];

/** The rules of events.k8s.io/v1, on the stored form. */
export const validateNewEvent = (event: CoreEvent): Causes => [...validateEvent(event, 'new'), ...validateNew(event)];

const goReference = (ref: ObjectReference): object => ({
  Kind: ref.kind ?? '',
  Namespace: ref.namespace ?? '',
  Name: ref.name ?? '',
  UID: ref.uid ?? '',
  APIVersion: ref.apiVersion ?? '',
  ResourceVersion: ref.resourceVersion ?? '',
  FieldPath: ref.fieldPath ?? '',
});

/** In the order upstream compares them; it compares `reason` twice. */
const fixedFields = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
] as const;

/** Only `series` may change. */
export function validateNewEventUpdate(event: CoreEvent, old: CoreEvent): Causes {
  const changed = fixedFields.filter((field) => !equal(event[field] || undefined, old[field] || undefined));
  return [
    ...validateEvent(event, 'new'),
    ...changed.map((field) => {
      const name = field === 'reportingComponent' ? 'reportingController' : field;
      const isReference = field === 'involvedObject' || field === 'related';
      const value = isReference && event[field] ? goReference(event[field]) : event[field];
      return invalidValue(at(name), value, 'field is immutable');
    }),
  ];
}
