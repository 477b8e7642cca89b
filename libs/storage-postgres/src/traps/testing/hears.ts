import { mustEqual, type Condition, type Watching } from '@kubephant/storage/testing';

/** The condition that a watcher is told the next events; `meanwhile` happens between one look and the next. */
export function hears(watch: Watching, expected: readonly string[], meanwhile?: () => Promise<unknown>): Condition {
  let told: readonly string[] | undefined;
  watch.told(expected.length).then(
    (events) => (told = events),
    () => undefined,
  );
  return async () => {
    await meanwhile?.();
    if (told) mustEqual(told, expected, 'events');
    return told !== undefined;
  };
}
