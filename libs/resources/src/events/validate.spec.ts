import type { CoreEvent } from './event-types';
import { validateEvent, validateNewEvent } from './validate';

const eventTime = '2026-06-01T12:00:00.000000Z';
const complete = { eventTime, reportingComponent: 'a.example.com/b', reportingInstance: 'b', action: 'c', reason: 'd' };

describe.each([
  ['core', (event: CoreEvent) => validateEvent(event)],
  ['events.k8s.io', (event: CoreEvent) => validateNewEvent(event)],
])('an event through %s', (_, validate) => {
  it.each<[string, string, object, boolean]>([
    ['a', 'a', {}, true],
    ['a', 'b', {}, false],
    ['default', '', {}, true],
    ['kube-system', '', {}, false],
    ['a', 'b', complete, true],
    ['a', '', complete, false],
    ['default', '', complete, true],
    ['kube-system', '', complete, true],
  ])('that is in %j may be about something in %j with %j: %s', (own, about, rest, may) => {
    const metadata = { name: 'e', namespace: own };
    const involvedObject = { kind: 'Pod', name: 'p', ...(about && { namespace: about }) };
    const causes = validate({
      kind: 'Event',
      apiVersion: 'v1',
      metadata,
      involvedObject,
      type: 'Normal',
      ...rest,
    } as never);
    expect(causes.some(({ field }) => field === 'involvedObject.namespace')).toBe(!may);
  });
});
