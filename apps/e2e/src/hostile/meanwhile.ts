export interface Meanwhile<T> {
  readonly result: T;
  /** In which 99 of 100 of the others' requests were answered. */
  readonly p99Ms: number;
}

/** Several others ask again and again while something goes on. */
export async function meanwhile<T>(what: Promise<T>, ask: () => Promise<void>, others = 4): Promise<Meanwhile<T>> {
  let isOver = false;
  const tookMs: number[] = [];
  const lane = async (): Promise<void> => {
    do {
      const startMs = performance.now();
      await ask();
      tookMs.push(performance.now() - startMs);
    } while (!isOver);
  };
  const lanes = Array.from({ length: others }, lane);
  const result = await what.finally(() => (isOver = true));
  await Promise.all(lanes);
  tookMs.sort((a, b) => a - b);
  return { result, p99Ms: tookMs[Math.ceil(0.99 * tookMs.length) - 1] ?? 0 };
}
