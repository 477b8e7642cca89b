import type { Arena, Fault } from './arena';
import { Trapped, type Trap } from './trap';

/** Every trap twice: where it must hold, and on the design that it is about, so that it is known to be able to fail. */
export function trapSuite<A extends Arena>(
  traps: readonly Trap<A>[],
  newArena: (fault?: Fault) => Promise<A>,
  timeoutMs = 60_000,
): void {
  const run = async (trap: Trap<A>, fault?: Fault): Promise<void> => {
    const arena = await newArena(fault);
    try {
      await trap.run(arena);
    } finally {
      await arena.close();
    }
  };
  describe.each(traps)('$id ($evidence)', (trap) => {
    it(trap.title, () => run(trap), timeoutMs);

    it(
      `catches a store with ${trap.naive().name}`,
      async () => {
        const caught = run(trap, trap.naive());
        await expect(caught).rejects.toThrow(trap.symptom);
        await expect(caught).rejects.toBeInstanceOf(Trapped);
      },
      timeoutMs,
    );
  });
}
