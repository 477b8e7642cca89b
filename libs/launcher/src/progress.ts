/** Prints one line per step with the time it took. */
export interface Progress {
  /** Runs the step; its result may be a remark for the line. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  say(text: string): void;
}

export function newProgress(write: (text: string) => void, now: () => number = Date.now): Progress {
  return {
    async step(title, work) {
      const startMs = now();
      try {
        const result = await work();
        const remark = typeof result === 'string' ? ` (${result})` : '';
        write(`  ✓ ${title}${remark} ${seconds(now() - startMs)}\n`);
        return result;
      } catch (err) {
        write(`  ✗ ${title} ${seconds(now() - startMs)}\n`);
        throw err;
      }
    },
    say: (text) => write(`${text}\n`),
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
