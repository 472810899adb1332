import { setTimeout as delay } from 'node:timers/promises';
import { sql, type Statement } from './statement.ts';
import type { Tx } from './transaction.ts';

// What another service owns is known here by its events: at least once, in any order between topics, late.

/**
 * Keeps the newest version of a row of another service, in one statement and in whatever order its events
 * come. `columns` are those beside tenant_id, the key and version; values come in the order key, version,
 * columns. False for a version that is not newer, which changes nothing.
 */
export function newestWins<Column extends string>(copy: {
  name: string;
  table: string;
  key: readonly Column[];
  columns: readonly Column[];
}): (tx: Tx, row: Record<Column, unknown> & { version: number }) => Promise<boolean> {
  const { key, columns } = copy;
  const written = [...key, 'version' as const, ...columns];
  const statement = upsert(copy, written);
  return async (tx, row) => {
    const values = written.map((column) => row[column]);
    return (await tx.query(statement, [tx.tenantId, ...values])).length === 1;
  };
}

function upsert(
  copy: { name: string; table: string; columns: readonly string[] },
  written: readonly string[],
): Statement {
  const { name, table, columns } = copy;
  const updated = ['version', ...columns].map((column) => `${column} = excluded.${column}`);
  return sql(
    name,
    `INSERT INTO ${table} AS k (${['tenant_id', ...written].join(', ')})
     VALUES (${['tenant_id', ...written].map((_, index) => `$${index + 1}`).join(', ')})
     ON CONFLICT ON CONSTRAINT ${table}_pkey DO UPDATE SET ${updated.join(', ')}
     WHERE k.version < excluded.version
     RETURNING k.version`,
  );
}

const pollMs = 50;

/**
 * What is read, waiting up to `waitMs` for an event that may still be in flight: who receives a piece and asks
 * for its passport at once must not be told that there is no such piece (ADR 0013). `read` is a transaction of
 * its own each time, so that nobody waits holding a connection. In the end what is known by then.
 */
export async function waitForCopy<Row>(
  read: () => Promise<Row | undefined>,
  { waitMs, isEnough = () => true }: { waitMs: number; isEnough?(row: Row): boolean },
): Promise<Row | undefined> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const row = await read();
    if (row !== undefined && isEnough(row)) return row;
    if (performance.now() >= deadline) return row;
    await delay(pollMs);
  }
}
