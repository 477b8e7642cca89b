import { canonicalQuantity, Quantity } from './quantity';
import { is } from './status';

const format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffix = "unable to parse quantity's suffix";
const numeric = 'unable to parse numeric part of quantity';

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

describe('quantity', () => {
  it.each([
    ['0', '0'],
    ['0Ki', '0'],
    ['-0', '0'],
    ['1', '1'],
    ['+1', '+1'],
    ['100m', '100m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['1.5', '1500m'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1.'],
    ['007', '007'],
    ['1000', '1k'],
    ['1200k', '1200k'],
    ['12000k', '12M'],
    ['1Ki', '1Ki'],
    ['1024Ki', '1Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1.1Ki', '1126400m'],
    ['1023Mi', '1023Mi'],
    ['1e3', '1e3'],
    ['1E3', '1E3'],
    ['1.500', '1.500'],
    ['1.5000', '1500m'],
    ['.', '0'],
    ['Ki', '0'],
    ['-', '0'],
    ['104Ki', '104Ki'],
    ['1000E', '1e21'],
    ['1000e0', '1e3'],
    ['12e4', '120e3'],
    ['1e-3', '1e-3'],
    ['5e-10', '1e-9'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['100u', '100u'],
    ['1E', '1E'],
    ['1Ei', '1Ei'],
    ['8Ei', '9223372036854775807'],
    ['1e30', '1e30'],
    ['9999999999999999999', '9999999999999999999'],
    ['-9Ei', '-9223372036854775807'],
    ['-1Gi', '-1Gi'],
    [' 1 ', '1'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
    expect(canonicalQuantity(canonical)).toBe(canonical);
  });

  it.each([
    ['', format],
    ['1.2.3', format],
    ['--1', suffix],
    ['1 Gi', format],
    ['1e3e3x', format],
    ['bad', format],
    ['abc', format],
    ['1Mib', format],
    ['1e', suffix],
    ['1KiKi', suffix],
    ['1Mm', suffix],
    ['1e99999999999', suffix],
    ['Ei', numeric],
    ['1'.repeat(2000), format],
  ])('refuses %j', (text, message) => {
    const parse = (): unknown => Quantity.parse(text);
    expect(parse).toThrow(message);
    try {
      parse();
    } catch (err) {
      expect(is('BadRequest', err)).toBe(true);
    }
  });

  it('rounds whole and milli values away from zero', () => {
    const values = (text: string): readonly bigint[] => {
      const quantity = Quantity.parse(text);
      return [quantity.value(), quantity.milliValue()];
    };
    expect(values('100m')).toEqual([1n, 100n]);
    expect(values('1u')).toEqual([1n, 1n]);
    expect(values('-1500m')).toEqual([-2n, -1500n]);
    expect(values('1Gi')).toEqual([1073741824n, 1073741824000n]);
  });

  it('keeps the format of the left side in sums, unless that is zero', () => {
    const q = (text: string): Quantity => Quantity.parse(text);
    expect(q('1Gi').add(q('1k')).toString()).toBe('1073742824');
    expect(q('0').add(q('1Gi')).toString()).toBe('1Gi');
    expect(q('1').subtract(q('900m')).toString()).toBe('100m');
    expect(q('250m').times(3).toString()).toBe('750m');
    expect(q('1Gi').toNumber()).toBe(2 ** 30);
    expect(JSON.stringify({ cpu: q('2') })).toBe('{"cpu":"2"}');
  });

  it('compares by value, whatever the form', () => {
    const sorted = ['1Ki', '1k', '0.5', '-3', '1e3', '499m'].map((text) => Quantity.parse(text));
    sorted.sort((a, b) => a.compare(b));
    expect(sorted.map(String)).toEqual(['-3', '499m', '500m', '1k', '1e3', '1Ki']);
    expect(Quantity.parse('1e3').equals(Quantity.parse('1k'))).toBe(true);
  });

  it('does arithmetic exactly, and prints what reads back as the same value', () => {
    const random = randomNumbers(7);
    const suffixes = ['', 'm', 'u', 'n', 'k', 'M', 'Ki', 'Mi', 'Gi', 'e3', 'e-6'];
    const any = (): Quantity => {
      const number = (random() * 1e6 - 5e5).toFixed(Math.floor(random() * 3));
      return Quantity.parse(`${number}${suffixes[Math.floor(random() * suffixes.length)] ?? ''}`);
    };
    for (let round = 0; round < 2000; round++) {
      const [a, b] = [any(), any()];
      expect(Quantity.parse(a.toString()).equals(a)).toBe(true);
      expect(a.add(b).equals(b.add(a))).toBe(true);
      expect(a.add(b).subtract(b).equals(a)).toBe(true);
      expect(Math.sign(a.compare(b))).toBe(Math.sign(a.subtract(b).sign));
      expect(a.times(3).equals(a.add(a).add(a))).toBe(true);
    }
  });

  it('answers hostile exponents at once', () => {
    const begin = performance.now();
    for (const text of ['1e999999999', '-1e999999999', '1e-999999999'])
      Quantity.parse(text).compare(Quantity.parse('1'));
    expect(performance.now() - begin).toBeLessThan(100);
  });

  it('caps what is beyond 10^308, however it is written', () => {
    for (const text of [`1${'0'.repeat(330)}`, '1e330', `1${'0'.repeat(30)}e300`]) {
      expect(canonicalQuantity(text)).toBe('9223372036854775807');
    }
    expect(canonicalQuantity('1e300')).toBe('1e300');
  });
});
