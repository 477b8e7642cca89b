/** io.k8s.api.events.v1. Notation: see ../notation.ts. */
export const eventsV1 = `
Event kind
  metadata                 meta.ObjectMeta        1
  eventTime                microTime              2 required
  series                   *EventSeries           3
  reportingController      string                 4
  reportingInstance        string                 5
  action                   string                 6
  reason                   string                 7
  regarding                core.ObjectReference   8
  related                  *core.ObjectReference  9
  note                     string                10
  type                     string                11
  deprecatedSource         core.EventSource      12
  deprecatedFirstTimestamp time                  13
  deprecatedLastTimestamp  time                  14
  deprecatedCount          int32                 15

EventList kind
  metadata meta.ListMeta 1
  items    []Event       2 required

EventSeries
  count            int32     1 required
  lastObservedTime microTime 2 required
`;
