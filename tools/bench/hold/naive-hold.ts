import { randomUUID } from 'node:crypto';
import pg from 'pg';

export type NaiveHolds = {
  /** Of any unit, or of the one with this serial. */
  place(tenantId: string, sku: string, serial?: string): Promise<{ id: string }>;
  close(): Promise<void>;
};

/**
 * What one writes first: a transaction that locks the row, decides in the application and writes back.
 * Correct, and each caller waits for a lock held over six round trips and a commit.
 */
export function createNaiveHolds(options: { url: string; poolMax: number }): NaiveHolds {
  const pool = new pg.Pool({ connectionString: options.url, max: options.poolMax });
  return {
    async place(tenantId, sku, serial) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query("SELECT set_config('app.tenant', $1, true)", [tenantId]);
        const placed = await lockAndWrite(client, { tenantId, sku, serial });
        await client.query('COMMIT');
        return placed;
      } catch (err) {
        await client.query('ROLLBACK');
        throw err;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function lockAndWrite(
  client: pg.PoolClient,
  { tenantId, sku, serial }: { tenantId: string; sku: string; serial: string | undefined },
): Promise<{ id: string }> {
  const { rows } = await client.query(
    `SELECT l.stock_item_id, l.location_id, l.on_hand, l.committed
     FROM level l JOIN stock_item i ON i.tenant_id = l.tenant_id AND i.id = l.stock_item_id
     WHERE l.tenant_id = $1 AND i.sku = $2 FOR UPDATE OF l`,
    [tenantId, sku],
  );
  const [level] = rows;
  if (level.on_hand - level.committed < 1) throw new Error('nothing is available');
  const of = [tenantId, level.stock_item_id, level.location_id];
  const unitId = serial === undefined ? null : await takeUnit(client, [...of.slice(0, 2), serial]);
  await client.query(
    `UPDATE level SET committed = committed + 1, version = version + 1
     WHERE tenant_id = $1 AND stock_item_id = $2 AND location_id = $3`,
    of,
  );
  const inserted = await client.query(
    `INSERT INTO hold (tenant_id, stock_item_id, location_id, kind, quantity, expires_at, purpose,
                       subject, idempotency_key, serial_unit_id, created_at)
     VALUES ($1, $2, $3, 'SOFT', 1, clock_timestamp() + interval '15 minutes', 'BASKET',
             'bench', $4, $5, clock_timestamp()) RETURNING id`,
    [...of, randomUUID(), unitId],
  );
  return { id: inserted.rows[0].id as string };
}

async function takeUnit(client: pg.PoolClient, of: unknown[]): Promise<string> {
  const { rows } = await client.query(
    `SELECT id, status FROM serial_unit WHERE tenant_id = $1 AND stock_item_id = $2 AND serial = $3 FOR UPDATE`,
    of,
  );
  if (rows[0].status !== 'AVAILABLE') throw new Error('the unit is not available');
  await client.query(
    `UPDATE serial_unit SET status = 'HELD', version = version + 1 WHERE tenant_id = $1 AND id = $2`,
    [of[0], rows[0].id],
  );
  return rows[0].id as string;
}
