/** Items by key, of which the first by `isBefore` is at hand; every change costs the logarithm of how many there are. */
export interface KeyedHeap<T> {
  /** Adds the item, or puts it in the place of the one with that key. */
  set(key: string, item: T): void;
  delete(key: string): void;
  pop(): T | undefined;
  readonly size: number;
}

interface Slot<T> {
  readonly key: string;
  item: T;
  at: number;
}

/** `isBefore` must be a strict order. */
export function newKeyedHeap<T>(isBefore: (a: T, b: T) => boolean): KeyedHeap<T> {
  const slots: Slot<T>[] = [];
  const byKey = new Map<string, Slot<T>>();

  const place = (slot: Slot<T>, at: number): void => {
    slots[at] = slot;
    slot.at = at;
  };

  const up = (slot: Slot<T>): void => {
    for (let at = slot.at; at > 0; at = slot.at) {
      const parent = slots[(at - 1) >> 1];
      if (!parent || !isBefore(slot.item, parent.item)) return;
      place(slot, parent.at);
      place(parent, at);
    }
  };

  const down = (slot: Slot<T>): void => {
    for (;;) {
      const at = slot.at;
      const [left, right] = [slots[2 * at + 1], slots[2 * at + 2]];
      const child = left && right && isBefore(right.item, left.item) ? right : left;
      if (!child || !isBefore(child.item, slot.item)) return;
      place(slot, child.at);
      place(child, at);
    }
  };

  const remove = (slot: Slot<T>): T => {
    byKey.delete(slot.key);
    const last = slots.pop();
    if (last && last !== slot) {
      place(last, slot.at);
      up(last);
      down(last);
    }
    return slot.item;
  };

  return {
    set(key, item) {
      const known = byKey.get(key);
      const slot = known ?? { key, item, at: slots.length };
      slot.item = item;
      if (!known) {
        byKey.set(key, slot);
        slots.push(slot);
      }
      up(slot);
      down(slot);
    },
    delete(key) {
      const slot = byKey.get(key);
      if (slot) remove(slot);
    },
    pop: () => (slots[0] ? remove(slots[0]) : undefined),
    get size() {
      return slots.length;
    },
  };
}
