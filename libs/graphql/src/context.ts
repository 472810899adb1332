import DataLoader from 'dataloader';
import type { Caller } from '@onecount/identity';
import type { Logger } from '@onecount/telemetry';

export type BatchFunction<K, V> = (keys: readonly K[]) => Promise<ArrayLike<V | Error>>;

export type SubgraphContext = {
  caller: Caller;
  requestId: string;
  log: Logger;
  /** The loader of that name, made at its first use and gone with the request; keys must be strings or numbers. */
  loader<K, V>(name: string, batch: BatchFunction<K, V>): DataLoader<K, V>;
  /** Every loader reads anew: what it has seen may have been changed. */
  forgetLoaded(): void;
};

export function createContext(options: {
  caller: Caller;
  requestId: string;
  log: Logger;
}): SubgraphContext {
  let loaders: Map<string, unknown> | undefined;
  return {
    ...options,
    loader<K, V>(name: string, batch: BatchFunction<K, V>): DataLoader<K, V> {
      loaders ??= new Map();
      const existing = loaders.get(name);
      if (existing) return existing as DataLoader<K, V>;
      const created = new DataLoader<K, V>(batch);
      loaders.set(name, created);
      return created;
    },
    forgetLoaded() {
      loaders = undefined;
    },
  };
}
