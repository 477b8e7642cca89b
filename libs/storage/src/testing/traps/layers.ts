import type { CommitLog } from '../../log';
import type { Layer } from './arena';
import { overriding } from './naive/overriding';

export interface SlowAnswer {
  readonly layer: Layer;
  /** Resolves once the commit is made, and its answer on the way. */
  readonly committed: Promise<unknown>;
  arrive(): void;
}

/** The answer to the commit of one object takes as long as the test likes. */
export function slowAnswerFor(name: string): SlowAnswer {
  const committed = Promise.withResolvers<undefined>();
  const arrived = Promise.withResolvers<undefined>();
  const layer = (log: CommitLog): CommitLog =>
    overriding(log, {
      async commit(batch, known) {
        const result = await log.commit(batch, known);
        if (!batch.some(({ key }) => key.name === name)) return result;
        committed.resolve(undefined);
        await arrived.promise;
        return result;
      },
    });
  return { layer, committed: committed.promise, arrive: () => arrived.resolve(undefined) };
}

/** Something happens while the state is being read, after the objects and before anything else. */
export const whileLoading =
  (happens: () => Promise<unknown>): Layer =>
  (log) =>
    overriding(log, {
      snapshot: (use) =>
        log.snapshot(({ objects, ...snapshot }) => {
          const read = async function* () {
            yield* objects;
            await happens();
          };
          return use({ ...snapshot, objects: read() });
        }),
    });
