import type { Event, EventsV1Event } from '@kubephant/schema';

/** core/v1 Event: the stored form. */
export type CoreEvent = Event;

/** events.k8s.io/v1 Event. */
export type NewEvent = EventsV1Event;
