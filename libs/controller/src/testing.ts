import type { EventRecorder } from './event-recorder';

/** Remembers what was said instead of writing it. */
export interface FakeRecorder extends EventRecorder {
  /** `Normal Scheduled ns/name: message`, oldest first. */
  readonly said: string[];
}

export function newFakeRecorder(): FakeRecorder {
  const said: string[] = [];
  return {
    said,
    event(about, type, reason, message) {
      const { namespace, name } = 'metadata' in about ? about.metadata : about;
      said.push(`${type} ${reason} ${[namespace, name].filter(Boolean).join('/')}: ${message}`);
    },
    run: async () => undefined,
  };
}
