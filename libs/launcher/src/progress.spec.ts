import { newProgress, type ProgressOptions } from './progress';

const recorded = (
  options: Partial<ProgressOptions> = {},
): { progress: ReturnType<typeof newProgress>; text: string[] } => {
  const text: string[] = [];
  let ms = 0;
  const now = (): number => (ms += 500);
  const { signal } = new AbortController();
  return { text, progress: newProgress({ write: (part) => text.push(part), now, signal, ...options }) };
};

describe('progress', () => {
  it('is one line per step, with its time and what it has to remark', async () => {
    const { progress, text } = recorded();
    await progress.step('network', () => Promise.resolve());
    await progress.step('packages', () => Promise.resolve('all there'));
    await expect(progress.step('database', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(text.join('')).toBe('  ✓ network 0.5 s\n  ✓ packages (all there) 0.5 s\n  ✗ database 0.5 s\n');
  });

  it('shows on a terminal what it is at', async () => {
    const { progress, text } = recorded({ terminal: true });
    await progress.step('packages', () => Promise.resolve());
    expect(text).toEqual(['  … packages', '\r\x1b[K  ✓ packages 0.5 s\n']);
  });

  it('begins nothing after an interruption', async () => {
    const { progress, text } = recorded({ signal: AbortSignal.abort() });
    await expect(progress.step('packages', () => Promise.resolve())).rejects.toThrow('aborted');
    expect(text).toEqual([]);
  });
});
