import type { Case } from './case';

/** How one line of a file becomes cases; a folder whose cases repeat themselves adds a shorter form here. */
export const formats = {
  case: (line: unknown): readonly Case[] => [line as Case],
} as const satisfies Record<string, (line: never) => readonly Case[]>;
