type BoundedMap<V> = {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  readonly size: number;
};

/** A map of at most `entriesMax` entries; the one unused for longest leaves first. */
export function createBoundedMap<V>(entriesMax: number): BoundedMap<V> {
  const entries = new Map<string, V>();
  const touch = (key: string, value: V): void => {
    entries.delete(key);
    entries.set(key, value);
  };
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) touch(key, value);
      return value;
    },
    set(key, value) {
      touch(key, value);
      if (entries.size <= entriesMax) return;
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    },
    get size() {
      return entries.size;
    },
  };
}
