/** Prints one line per step with the time it took. */
export interface Progress {
  /** Runs the step; its result may be a remark for the line. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  say(text: string): void;
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Whether a line may be written over: then a step is shown already while it runs. */
  readonly terminal?: boolean;
  /** No step begins once it has aborted. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

const overwrite = '\r\x1b[K';

export function newProgress({ write, terminal = false, signal, now = Date.now }: ProgressOptions): Progress {
  return {
    async step(title, work) {
      signal.throwIfAborted();
      const startMs = now();
      const end = (line: string): void => write(`${terminal ? overwrite : ''}${line} ${seconds(now() - startMs)}\n`);
      if (terminal) write(`  … ${title}`);
      try {
        const result = await work();
        end(`  ✓ ${title}${typeof result === 'string' ? ` (${result})` : ''}`);
        return result;
      } catch (err) {
        end(`  ✗ ${title}`);
        throw err;
      }
    },
    say: (text) => write(`${text}\n`),
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
