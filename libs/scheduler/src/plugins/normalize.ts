const maxScore = 100;

/** Scales so that the largest becomes 100. */
export function normalize(scores: readonly number[]): readonly number[] {
  const top = Math.max(...scores);
  return top === 0 ? scores : scores.map((score) => Math.floor((maxScore * score) / top));
}

/** Scales so that 0 becomes 100 and the largest 0. */
export function normalizeInverted(scores: readonly number[]): readonly number[] {
  const top = Math.max(...scores);
  return top === 0 ? scores.map(() => maxScore) : normalize(scores).map((score) => maxScore - score);
}
