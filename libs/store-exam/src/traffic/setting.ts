import { systemClock, type Clock } from '@kubephant/base';
import { Recorder } from '../recorder';
import type { Revision, Subject } from '../subject';
import { Meter } from './meter';
import type { TrafficOptions } from './options';

/** What all clients of one run share. */
export interface Setting {
  readonly subjects: readonly Subject[];
  readonly options: Required<Omit<TrafficOptions, 'onThroughput' | 'recorder' | 'clock'>>;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly keys: readonly string[];
  /** The newest revision that any client has heard of. */
  readonly newest: { revision: Revision };
  /** Aborted when the writers are to stop: from then on nothing new is begun. */
  readonly closing: AbortSignal;
}

const defaults = {
  keys: 10,
  writers: 8,
  watchers: 8,
  readers: 2,
  pauseMs: 20,
  watchMs: 3000,
  callTimeoutMs: 10_000,
  settleMs: 15_000,
};

export const labels = ['red', 'blue'] as const;

export function newSetting(subjects: readonly Subject[], given: TrafficOptions, closing: AbortSignal): Setting {
  const { recorder = new Recorder(), clock = systemClock, onThroughput: _, ...chosen } = given;
  const options = { ...defaults, ...chosen };
  const keys = Array.from({ length: options.keys }, (_unused, i) => `key-${i}`);
  return { subjects, options, recorder, clock, meter: new Meter(), keys, newest: { revision: 0 }, closing };
}
