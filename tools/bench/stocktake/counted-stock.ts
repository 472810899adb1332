import pg from 'pg';

/** Counted items at HQ beside those of the catalog, with the ledger's row behind each level. */
export async function fillCountedStock(
  url: string,
  { tenantId, items }: { tenantId: string; items: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.tenant', $1, true)", [tenantId]);
    await client.query(
      `INSERT INTO stock_item (tenant_id, sku, title, tracking)
       SELECT $1::uuid, 'COUNTED-' || n, 'Counted ' || n, 'QUANTITY' FROM generate_series(1, $2::integer) n`,
      [tenantId, items],
    );
    const counted = `FROM stock_item i, location c
       WHERE i.tenant_id = $1 AND i.sku LIKE 'COUNTED-%' AND c.tenant_id = $1 AND c.code = 'HQ'`;
    await client.query(
      `INSERT INTO level (tenant_id, stock_item_id, location_id, on_hand, version)
       SELECT $1::uuid, i.id, c.id, 1000, 1 ${counted}`,
      [tenantId],
    );
    await client.query(
      `INSERT INTO movement (tenant_id, stock_item_id, location_id, quantity, reason, actor, resulting_on_hand, level_version)
       SELECT $1::uuid, i.id, c.id, 1000, 'OPENING', 'bench', 1000, 1 ${counted} ORDER BY i.id`,
      [tenantId],
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

type Counted = { sku: string; onHand: number; locationId: string };

/** What the ledger says stands at HQ: what somebody who counts right would find. */
export async function countedAt(url: string, tenantId: string): Promise<Counted[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SELECT set_config('app.tenant', $1, false)", [tenantId]);
    const { rows } = await client.query<Counted>(
      `SELECT i.sku, l.on_hand AS "onHand", l.location_id AS "locationId"
       FROM level l JOIN stock_item i ON i.tenant_id = $1 AND i.id = l.stock_item_id
       JOIN location c ON c.tenant_id = $1 AND c.id = l.location_id
       WHERE l.tenant_id = $1 AND c.code = 'HQ' ORDER BY i.sku`,
      [tenantId],
    );
    return rows;
  } finally {
    await client.end();
  }
}
