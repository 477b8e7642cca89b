/** The same object, but for what is done differently. */
export function overriding<T extends object>(target: T, otherwise: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      const source: object = name in otherwise ? otherwise : target;
      const found: unknown = Reflect.get(source, name, source);
      return typeof found === 'function' ? (found.bind(source) as unknown) : found;
    },
  });
}

export async function* pageOf<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield items;
}
