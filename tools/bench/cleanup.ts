type Undo = () => Promise<void>;

const pending: Undo[] = [];

/** Runs `use` and then `undo`, whatever happens; also when the bench is interrupted in the middle. */
export async function undone<T>(undo: Undo, use: () => Promise<T>): Promise<T> {
  pending.push(undo);
  try {
    return await use();
  } finally {
    if (pending.includes(undo)) {
      pending.splice(pending.indexOf(undo), 1);
      await undo();
    }
  }
}

/** Ctrl-C leaves no process and no folder: what was begun last is undone first. */
export function undoOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.stderr.write(`${signal}: stopping what the bench started\n`);
      void undoAll().finally(() => process.exit(1));
    });
  }
}

async function undoAll(): Promise<void> {
  for (const undo of pending.splice(0).reverse()) await undo().catch(() => undefined);
}
