type Entry<V> = { value: V; keptAtMs: number; expiresAtMs: number };

/**
 * A map that can neither grow without bound nor answer with what has expired. The oldest entry
 * makes room: reads do not reorder, because a token lives for seconds and is read thousands of
 * times; keeping an exact order would cost more than the rare second verification it saves.
 */
export function createBoundedCache<V>(options: { entriesMax: number; now?: () => number }) {
  const now = options.now ?? (() => Date.now());
  const entries = new Map<string, Entry<V>>();
  return {
    get(key: string): V | undefined {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      // Kept in what is the future now: the clock was set right since, and nobody else takes it for valid.
      if (entry.keptAtMs <= now() && entry.expiresAtMs > now()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key: string, value: V, expiresAtMs: number): void {
      entries.delete(key);
      if (entries.size >= options.entriesMax) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      entries.set(key, { value, keptAtMs: now(), expiresAtMs });
    },
    delete(key: string): void {
      entries.delete(key);
    },
    get size(): number {
      return entries.size;
    },
  };
}
