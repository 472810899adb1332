/** What one part of a process signals to the others after a commit; who misses it finds the rows by a poll. */
export type Signal = { emit(): void; listen(listener: () => void): void };

export function createSignal(): Signal {
  const listeners: (() => void)[] = [];
  return {
    emit() {
      for (const listener of listeners) listener();
    },
    listen: (listener) => void listeners.push(listener),
  };
}
