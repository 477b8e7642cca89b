import type { KubeObject } from '@kubephant/api';
import type { EventSource, ObjectReference } from '@kubephant/schema';

/** `count` sightings, the last at `lastObservedTime`. */
interface Series {
  count: number;
  lastObservedTime: string;
}

interface Shared extends KubeObject {
  eventTime?: string | null;
  series?: Series;
  action?: string;
  reason?: string;
  type?: string;
  related?: ObjectReference;
  reportingInstance?: string;
}

/** core/v1 Event: the stored form. */
export interface CoreEvent extends Shared {
  involvedObject: ObjectReference;
  message?: string;
  source?: EventSource;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  count?: number;
  reportingComponent?: string;
}

/** events.k8s.io/v1 Event. */
export interface NewEvent extends Shared {
  regarding?: ObjectReference;
  note?: string;
  deprecatedSource?: EventSource;
  deprecatedFirstTimestamp?: string | null;
  deprecatedLastTimestamp?: string | null;
  deprecatedCount?: number;
  reportingController?: string;
}
