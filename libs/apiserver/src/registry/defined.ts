type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** The object without the members that are undefined: absent is not the same as undefined. */
export function defined<T extends object>(obj: T): Optional<T> & Required<T> {
  return Object.fromEntries(Object.entries(obj).filter(([, value]) => value !== undefined)) as Optional<T> &
    Required<T>;
}
