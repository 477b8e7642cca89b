import { Quantity } from '@kubephant/api';

/** Amounts by the name of what there is so much of, as objects carry them. */
export type ResourceList = Readonly<Record<string, string>>;

/** Amounts that can be counted with. */
export type Amounts = ReadonlyMap<string, Quantity>;

export const noAmounts: Amounts = new Map();

export const amountsOf = (list: ResourceList | undefined): Amounts =>
  new Map(Object.entries(list ?? {}).map(([name, text]) => [name, Quantity.parse(text)] as const));

export const toResourceList = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries([...amounts].map(([name, amount]) => [name, amount.toString()]));

type Combine = (a: Quantity, b: Quantity) => Quantity;

/** The union of both; what both have is combined. */
function merged(a: Amounts, b: Amounts, combine: Combine): Amounts {
  const result = new Map(a);
  for (const [name, amount] of b) {
    const other = a.get(name);
    result.set(name, other ? combine(other, amount) : amount);
  }
  return result;
}

export const sum = (a: Amounts, b: Amounts): Amounts => merged(a, b, (x, y) => x.add(y));

export const largest = (a: Amounts, b: Amounts): Amounts => merged(a, b, (x, y) => (y.compare(x) > 0 ? y : x));

/** What `a` has more than `b`; nothing is less than zero. */
export const excess = (a: Amounts, b: Amounts): Amounts =>
  new Map(
    [...a].map(([name, amount]) => {
      const rest = amount.subtract(b.get(name) ?? Quantity.zero);
      return [name, rest.sign < 0 ? Quantity.zero : rest] as const;
    }),
  );

export const only = (amounts: Amounts, names: ReadonlySet<string>): Amounts =>
  new Map([...amounts].filter(([name]) => names.has(name)));

export const withoutZeros = (amounts: Amounts): Amounts => new Map([...amounts].filter(([, { sign }]) => sign !== 0));
