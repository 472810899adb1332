import { randomUUID } from 'node:crypto';
import type { Pos } from './pos.harness.ts';
import { tenantA } from './pos.harness.ts';

// Documents of the past, written as the functions of a sale leave them: what a report reads, without the clock of today.

export type PastLine = {
  id: string;
  sku: string;
  category: string | null;
  vendor: string | null;
  quantity: number;
  unitPriceMinor: number;
  discountMinor: number;
};
export type PastSale = {
  id: string;
  at: string;
  channel: string;
  registerId: string | null;
  locationId: string | null;
  locationCode: string | null;
  cashier: string;
  currencyCode: string;
  changeMinor: number;
  tenders: { kind: string; amountMinor: number }[];
  lines: PastLine[];
};
export type PastReturn = {
  id: string;
  saleId: string;
  at: string;
  registerId: string;
  shiftId: string;
  locationId: string;
  cashier: string;
  currencyCode: string;
  lines: { lineId: string; quantity: number; totalMinor: number }[];
};

export type Till = {
  id: string;
  name: string;
  locationId: string;
  locationCode: string;
  shiftId: string;
};

/** A till with a shift, so that something can come back to it. */
export async function addTill(pos: Pos, locationCode: string, name: string): Promise<Till> {
  const { register } = await pos.registerOpen({ locationCode, registerName: name });
  const [row] = await pos.rows<{ location: string }>(
    'SELECT location_id AS location FROM register WHERE id = $1',
    [register.id],
  );
  return {
    id: register.id,
    name,
    locationId: row!.location,
    locationCode,
    shiftId: register.openShift.id,
  };
}

export const pastLine = (given: Partial<PastLine> = {}): PastLine => ({
  ...{ id: randomUUID(), sku: 'RING', category: null, vendor: null },
  ...{ quantity: 1, unitPriceMinor: 1000, discountMinor: 0 },
  ...given,
});

export const totalOf = ({ quantity, unitPriceMinor, discountMinor }: PastLine): number =>
  quantity * unitPriceMinor - discountMinor;
export const totalOfSale = ({ lines }: Pick<PastSale, 'lines'>): number =>
  lines.reduce((sum, line) => sum + totalOf(line), 0);

export async function addSales(
  pos: Pos,
  sales: readonly PastSale[],
  tenantId = tenantA,
): Promise<void> {
  const rows = sales.map((sale) => ({ ...sale, totalMinor: totalOfSale(sale) }));
  const given = [tenantId, JSON.stringify(rows)];
  await pos.rows(
    `INSERT INTO sale (tenant_id, id, channel, status, register_id, location_id, location_code, currency_code, total_minor,
       change_minor, opened_by, commit_key, receipt_number, committed_at)
     SELECT $1, x.id, x.channel, 'COMMITTED', x."registerId", x."locationId", x."locationCode", x."currencyCode",
            x."totalMinor", x."changeMinor", x.cashier, x.id::text, 'P-' || x.id, x.at
       FROM jsonb_to_recordset($2) AS x(id uuid, channel text, "registerId" uuid, "locationId" uuid, "locationCode" text,
            "currencyCode" text, "totalMinor" bigint, "changeMinor" bigint, cashier text, at timestamptz)`,
    given,
  );
  await pos.rows(
    `INSERT INTO sale_line (tenant_id, sale_id, id, position, sku, title, tracking, quantity, unit_price_minor, discount_minor,
       category, vendor)
     SELECT $1, s.id, l.id, l.ord, l.sku, 'The ' || l.sku, 'QUANTITY', l.quantity, l.price, l.discount, l.category, l.vendor
       FROM jsonb_to_recordset($2) AS s(id uuid, lines jsonb)
       CROSS JOIN ROWS FROM (jsonb_to_recordset(s.lines) AS (id uuid, sku text, category text, vendor text, quantity integer,
         "unitPriceMinor" bigint, "discountMinor" bigint)) WITH ORDINALITY
         AS l(id, sku, category, vendor, quantity, price, discount, ord)`,
    given,
  );
  await pos.rows(
    `INSERT INTO sale_tender (tenant_id, sale_id, position, kind, amount_minor)
     SELECT $1, s.id, t.ord - 1, t.kind, t.amount
       FROM jsonb_to_recordset($2) AS s(id uuid, tenders jsonb)
       CROSS JOIN ROWS FROM (jsonb_to_recordset(s.tenders) AS (kind text, "amountMinor" bigint)) WITH ORDINALITY
         AS t(kind, amount, ord)`,
    given,
  );
}

export async function addReturns(pos: Pos, returns: readonly PastReturn[]): Promise<void> {
  const given = [tenantA, JSON.stringify(returns)];
  await pos.rows(
    `INSERT INTO sale_return (tenant_id, id, number, sale_id, register_id, shift_id, location_id, currency_code, total_minor,
       reason, returned_by, returned_at)
     SELECT $1, x.id, 'R-' || x.id, x."saleId", x."registerId", x."shiftId", x."locationId", x."currencyCode",
            (SELECT sum((l ->> 'totalMinor')::bigint) FROM jsonb_array_elements(x.lines) l), 'FAULTY', x.cashier, x.at
       FROM jsonb_to_recordset($2) AS x(id uuid, "saleId" uuid, "registerId" uuid, "shiftId" uuid, "locationId" uuid,
            "currencyCode" text, cashier text, at timestamptz, lines jsonb)`,
    given,
  );
  await pos.rows(
    `INSERT INTO sale_return_line (tenant_id, return_id, position, sale_id, line_id, quantity, total_minor)
     SELECT $1, x.id, l.ord - 1, x."saleId", l.line, l.quantity, l.total
       FROM jsonb_to_recordset($2) AS x(id uuid, "saleId" uuid, lines jsonb)
       CROSS JOIN ROWS FROM (jsonb_to_recordset(x.lines) AS ("lineId" uuid, quantity integer, "totalMinor" bigint))
         WITH ORDINALITY AS l(line, quantity, total, ord)`,
    given,
  );
}
