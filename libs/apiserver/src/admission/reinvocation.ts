import { sameJson, type KubeObject } from '@kubephant/api';
import type { WriteAttributes } from './attributes';

/** Who was asked already and wants to see later changes, and who has not seen them. */
interface Memory {
  readonly asked: Set<string>;
  readonly outdated: Set<string>;
  output?: KubeObject;
}

/** One pass of mutating admission, as one plugin sees it. */
export interface Pass {
  /** Whether this one is to be asked: in the second pass only who wants to see changes, and has not. */
  concerns(id: string): boolean;
  /** Whoever was asked and wants to see later changes is to see them. */
  outdate(): void;
  asked(id: string, answer: { readonly changed: boolean; readonly again: boolean }): void;
  end(): void;
}

export function beginPass(plugin: string, { reinvocation, object }: WriteAttributes): Pass {
  const known = reinvocation.memory.get(plugin) as Memory | undefined;
  const memory = known ?? { asked: new Set<string>(), outdated: new Set<string>() };
  reinvocation.memory.set(plugin, memory);
  // Whoever was asked before a change has not seen it.
  const outdate = (): void => {
    for (const id of memory.asked) memory.outdated.add(id);
    memory.asked.clear();
  };
  if (reinvocation.again && !sameJson(memory.output, object)) outdate();
  return {
    outdate() {
      outdate();
      reinvocation.wanted = true;
    },
    concerns: (id) => !reinvocation.again || memory.outdated.has(id),
    asked(id, { changed, again }) {
      if (changed) {
        outdate();
        reinvocation.wanted = true;
      }
      if (again) memory.asked.add(id);
    },
    end() {
      if (object && memory.asked.size + memory.outdated.size > 0) memory.output = structuredClone(object);
    },
  };
}
