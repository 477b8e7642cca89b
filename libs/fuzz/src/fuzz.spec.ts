import { fuzz, type FuzzBudget, type FuzzTarget } from './fuzz';
import { mutateJson } from './mutate-json';
import { mutateBytes, mutateText } from './mutate-text';
import { Random } from './random';

const budget: FuzzBudget = { seed: 1, inputs: 3000, ms: Infinity, inputMs: 100, now: () => 0 };

const textTarget = (take: (input: string) => void): FuzzTarget<string> => ({
  seeds: ['{"a":[1,2]}', 'a=b'],
  mutate: mutateText,
  take,
  refuses: (err) => err instanceof SyntaxError,
});

describe('fuzzing', () => {
  it('counts what was taken and what was refused', async () => {
    const { taken, refused } = await fuzz(
      textTarget((text) => void JSON.parse(text)),
      budget,
    );
    expect(taken).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(taken);
    expect(taken + refused).toBe(3002);
  });

  it('finds an error that is no refusal, now or later', async () => {
    const take = (text: string): void => {
      if (text.includes('__proto__')) throw new TypeError('stumbled');
    };
    await expect(fuzz(textTarget(take), budget)).rejects.toThrow(/^broke: ".*__proto__/);
    const later = { ...textTarget(take), take: async (text: string) => take(text) };
    await expect(fuzz(later, budget)).rejects.toThrow(/^broke: ".*__proto__/);
  });

  it('finds a prototype that was changed', async () => {
    const take = (input: object): void => {
      if ('polluted' in input) Object.assign(Object.prototype, { polluted: true });
    };
    const target = { seeds: [{ polluted: 1 }], mutate: mutateJson, take, refuses: () => false };
    try {
      await expect(fuzz(target, budget)).rejects.toThrow('changed a prototype');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
  });

  it('finds an input that takes too long, refused or not', async () => {
    let clock = 0;
    const take = (): void => {
      clock += 101;
      throw new SyntaxError('no');
    };
    await expect(fuzz(textTarget(take), { ...budget, now: () => clock })).rejects.toThrow('took 101 ms');
  });

  it('makes the same inputs of the same seed', () => {
    const inputs = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => [
        mutateText(random, ['abc', 'def']),
        mutateBytes(random, [Buffer.from('abc')]).toString('hex'),
        mutateJson(random, [{ a: [1, { b: 'c' }] }]),
      ]);
    };
    expect(inputs(7)).toEqual(inputs(7));
    expect(inputs(7)).not.toEqual(inputs(8));
  });
});
