/**
 * The same result object for the same argument object. Users of one connection or token are then one object, by which
 * authorizers may remember what they know of it.
 */
export function memoized<K extends object, V extends object | string>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
