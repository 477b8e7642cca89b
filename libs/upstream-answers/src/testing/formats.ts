import type { Case } from './case';
import { casesOfMutations, type MutationLine } from './mutations';

/** How the lines of a file become cases; a folder whose cases repeat themselves adds a shorter form here. */
export const formats = {
  case: (lines: readonly unknown[]): readonly Case[] => lines as readonly Case[],
  mutations: (lines: readonly unknown[]): readonly Case[] => casesOfMutations(lines as readonly MutationLine[]),
} as const satisfies Record<string, (lines: readonly unknown[]) => readonly Case[]>;
