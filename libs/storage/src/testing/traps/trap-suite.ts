import type { Arena, Fault } from './arena';
import { Trapped, type Trap } from './trap';

type NewArena<A> = (fault?: Fault) => Promise<A>;

const timeoutMs = 60_000;

/** Every trap twice: where it must hold, and on the design that it is about, so that it is known to be able to fail. */
export function trapSuite<A extends Arena>(traps: readonly Trap<A>[], newArena: NewArena<A>): void {
  describe.each(traps)('$id ($evidence)', (trap) => {
    it(trap.title, () => run(trap, newArena()), timeoutMs);

    it(
      `catches a store with ${trap.naive().name}`,
      async () => {
        const caught = run(trap, newArena(trap.naive()));
        await expect(caught).rejects.toThrow(trap.symptom);
        await expect(caught).rejects.toBeInstanceOf(Trapped);
      },
      timeoutMs,
    );
  });
}

/** Traps that are known from elsewhere to be able to fail, over another log. */
export function holdingSuite<A extends Arena>(traps: readonly Trap<A>[], newArena: NewArena<A>): void {
  it.each(traps)('$id: $title', (trap) => run(trap, newArena()), timeoutMs);
}

async function run<A extends Arena>(trap: Trap<A>, laid: Promise<A>): Promise<void> {
  const arena = await laid;
  try {
    await trap.run(arena);
  } finally {
    await arena.close();
  }
}
