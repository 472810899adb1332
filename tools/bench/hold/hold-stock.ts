import pg from 'pg';

export type HoldStock = {
  /** One of the items that the spread load takes in turn. */
  spreadSku(): string;
  serialSku: string;
  /** A unit that nobody was given before. */
  nextSerial(): string;
};

const serialSku = 'BENCH-SERIAL';
const plenty = 1_000_000;

/** Items for the spread load and one item of many units, at HQ; in a few statements, because thousands one by one take minutes. */
export async function fillHoldStock(
  url: string,
  { tenantId, items, units }: { tenantId: string; items: number; units: number },
): Promise<HoldStock> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.tenant', $1, true)", [tenantId]);
    await fillItems(client, { tenantId, items });
    await fillUnits(client, { tenantId, units });
    // The ledger's row behind each level: the verifier is at work in this system, too.
    await client.query(
      `INSERT INTO movement (tenant_id, stock_item_id, location_id, quantity, reason, actor, resulting_on_hand, level_version)
       SELECT $1::uuid, l.stock_item_id, l.location_id, l.on_hand, 'OPENING', 'bench', l.on_hand, l.version
       FROM level l JOIN stock_item i ON i.tenant_id = $1 AND i.id = l.stock_item_id
       WHERE l.tenant_id = $1 AND (i.sku LIKE 'SPREAD-%' OR i.sku = $2)`,
      [tenantId, serialSku],
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  let item = 0;
  let unit = 0;
  return {
    serialSku,
    spreadSku: () => `SPREAD-${(item++ % items) + 1}`,
    nextSerial() {
      unit += 1;
      if (unit > units) throw new Error(`all ${units} units are held: give more by --units`);
      return `U${unit}`;
    },
  };
}

async function fillItems(client: pg.Client, of: { tenantId: string; items: number }) {
  await client.query(
    `INSERT INTO stock_item (tenant_id, sku, title, tracking)
     SELECT $1::uuid, 'SPREAD-' || n, 'Spread ' || n, 'QUANTITY' FROM generate_series(1, $2::integer) n
     UNION ALL SELECT $1::uuid, '${serialSku}', 'Many units', 'SERIAL'`,
    [of.tenantId, of.items],
  );
  await client.query(
    `INSERT INTO level (tenant_id, stock_item_id, location_id, on_hand, version)
     SELECT $1::uuid, i.id, c.id, $2::integer, 1 FROM stock_item i, location c
     WHERE i.tenant_id = $1 AND i.sku LIKE 'SPREAD-%' AND c.tenant_id = $1 AND c.code = 'HQ'`,
    [of.tenantId, plenty],
  );
}

async function fillUnits(client: pg.Client, of: { tenantId: string; units: number }) {
  const where = `FROM stock_item i, location c
     WHERE i.tenant_id = $1 AND i.sku = '${serialSku}' AND c.tenant_id = $1 AND c.code = 'HQ'`;
  await client.query(
    `INSERT INTO level (tenant_id, stock_item_id, location_id, on_hand, version)
     SELECT $1::uuid, i.id, c.id, $2::integer, 1 ${where}`,
    [of.tenantId, of.units],
  );
  await client.query(
    `INSERT INTO serial_unit (tenant_id, stock_item_id, location_id, serial)
     SELECT $1::uuid, f.item, f.place, 'U' || n
     FROM (SELECT i.id AS item, c.id AS place ${where}) f, generate_series(1, $2::integer) n`,
    [of.tenantId, of.units],
  );
}
