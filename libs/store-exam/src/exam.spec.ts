import { judge } from './judge';
import { sit } from './testing/exam-room';

describe('a store without a fault', () => {
  it.each([1, 2, 3, 4])('passes with seed %d', async (seed) => {
    const { history, truth } = await sit({ seed });
    const verdict = judge(history, truth);
    expect(verdict.violations).toEqual([]);
    expect(verdict.passed).toBe(true);
  });
});
