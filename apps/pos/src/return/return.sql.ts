import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { SoldUnit, Tender } from '../sale/sale.ts';
import type { PaidTender, Refund } from './refund.ts';
import type { ReturnReason } from './return.input.ts';
import type { ReturnedTax } from './return-tax.ts';
import type { Disposition, LineBack, ReturnLine } from './return.ts';

const linesBackStatement = sql(
  'pos.sale-return-lines-back',
  `SELECT l.id AS "lineId", l.returned_quantity AS quantity, coalesce((
      SELECT array_agg(u.serial_unit_id) FROM sale_return_unit u
       WHERE u.tenant_id = l.tenant_id AND u.sale_id = l.sale_id AND u.line_id = l.id), '{}') || coalesce((
      SELECT array_agg((u ->> 'serialUnitId')::uuid) FROM sale_exchange e
        JOIN sale s ON s.tenant_id = e.tenant_id AND s.id = e.sale_id AND s.status = 'PENDING'
       CROSS JOIN jsonb_array_elements(e.document -> 'lines') AS x
       CROSS JOIN jsonb_array_elements(x -> 'units') AS u
       WHERE e.tenant_id = l.tenant_id AND e.returned_sale_id = l.sale_id AND x ->> 'lineId' = l.id::text), '{}') AS "unitIds"
     FROM sale_line l WHERE l.tenant_id = $1 AND l.sale_id = $2`,
);

/** By line, what came back of it, or is to in an exchange that has no outcome yet. */
export async function linesBack(tx: Tx, saleId: string): Promise<Map<string, LineBack>> {
  const rows = await tx.query<LineBack & { lineId: string }>(linesBackStatement, [
    tx.tenantId,
    saleId,
  ]);
  return new Map(rows.map(({ lineId, quantity, unitIds }) => [lineId, { quantity, unitIds }]));
}

const refundedStatement = sql(
  'pos.sale-return-refunded',
  `SELECT refunded_minor AS minor FROM sale_tender WHERE tenant_id = $1 AND sale_id = $2 ORDER BY position`,
);

/** What was given back of each tender, in their order. */
export async function refundedOf(tx: Tx, saleId: string): Promise<number[]> {
  const rows = await tx.query<{ minor: number }>(refundedStatement, [tx.tenantId, saleId]);
  return rows.map(({ minor }) => minor);
}

const countStatement = sql(
  'pos.sale-return-count',
  `UPDATE sale_line l SET returned_quantity = l.returned_quantity + $4::integer * x.quantity
     FROM (SELECT "lineId" AS id, sum(quantity)::int AS quantity
             FROM jsonb_to_recordset($3) AS x("lineId" uuid, quantity integer) GROUP BY 1) x
    WHERE l.tenant_id = $1 AND l.sale_id = $2 AND l.id = x.id`,
);
const tenderStatement = sql(
  'pos.sale-return-tenders',
  `UPDATE sale_tender t SET kept_minor = x."keptMinor", refunded_minor = t.refunded_minor + $5::integer * coalesce((
      SELECT sum(r."amountMinor") FROM jsonb_to_recordset($4) AS r("tenderPosition" integer, "amountMinor" bigint)
       WHERE r."tenderPosition" = t.position), 0)
     FROM jsonb_to_recordset($3) AS x(position integer, "keptMinor" bigint)
    WHERE t.tenant_id = $1 AND t.sale_id = $2 AND t.position = x.position`,
);
const versionStatement = sql(
  'pos.sale-return-version',
  'UPDATE sale SET version = version + 1 WHERE tenant_id = $1 AND id = $2 RETURNING version',
);

export type Counted = {
  lines: readonly ReturnLine[];
  tenders: readonly PaidTender[];
  refunds: readonly Refund[];
};

/**
 * What came back and was given back, in the sale itself: its CHECKs hold every return to what there was. By −1: what was to
 * come back in an exchange does not.
 */
export async function countInSale(
  tx: Tx,
  saleId: string,
  of: Counted,
  by: 1 | -1 = 1,
): Promise<void> {
  const [lines, tenders, refunds] = [of.lines, of.tenders, of.refunds].map((each) =>
    JSON.stringify(each),
  );
  await tx.query(countStatement, [tx.tenantId, saleId, lines, by]);
  await tx.query(tenderStatement, [tx.tenantId, saleId, tenders, refunds, by]);
}

/** The next version of the sale, for the event of its return. */
export async function nextVersion(tx: Tx, saleId: string): Promise<number> {
  const rows = await tx.query<{ version: number }>(versionStatement, [tx.tenantId, saleId]);
  return exactlyOne(rows).version;
}

// A location's code has no slash, so that no other series is counted here. The last lock of all, as in a sale.
const numberStatement = sql(
  'pos.sale-return-number',
  `INSERT INTO receipt_series AS series (tenant_id, prefix, last_number) VALUES ($1, $2 || '/R', 1)
   ON CONFLICT ON CONSTRAINT receipt_series_pkey DO UPDATE SET last_number = series.last_number + 1
   RETURNING prefix || '-' || lpad(last_number::text, greatest(6, length(last_number::text)), '0') AS number`,
);

/** The next return of the location; taken back with the transaction, so that there is no gap. */
export async function nextReturnNumber(tx: Tx, locationCode: string): Promise<string> {
  const rows = await tx.query<{ number: string }>(numberStatement, [tx.tenantId, locationCode]);
  return exactlyOne(rows).number;
}

/** POST_VOID takes a whole sale back in its own shift, EXCHANGE pays what is bought instead. */
export type ReturnKind = 'RETURN' | 'POST_VOID' | 'EXCHANGE';
export type NewReturn = {
  id: string;
  kind: ReturnKind;
  number: string;
  saleId: string;
  registerId: string;
  shiftId: string;
  locationId: string;
  currencyCode: string;
  totalMinor: number;
  reason: ReturnReason;
  note: string | null;
  returnedBy: string;
  lines: readonly ReturnLine[];
  refunds: readonly Refund[];
};

const insertStatement = sql(
  'pos.sale-return-insert',
  `INSERT INTO sale_return (tenant_id, id, number, sale_id, register_id, shift_id, location_id, currency_code, total_minor,
                            reason, note, returned_by, kind)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING returned_at AS "returnedAt"`,
);
const linesStatement = sql(
  'pos.sale-return-insert-lines',
  `INSERT INTO sale_return_line (tenant_id, return_id, sale_id, position, line_id, quantity, total_minor, disposition)
   SELECT $1, $2, $3, x.ord - 1, x.line, x.quantity, x.total, x.disposition
     FROM ROWS FROM (jsonb_to_recordset($4) AS ("lineId" uuid, quantity integer, "totalMinor" bigint, disposition text))
          WITH ORDINALITY AS x(line, quantity, total, disposition, ord)`,
);
const unitsStatement = sql(
  'pos.sale-return-insert-units',
  `INSERT INTO sale_return_unit (tenant_id, return_id, sale_id, position, line_id, serial_unit_id, serial)
   SELECT $1, $2, $3, x.ord - 1, x.line, u."serialUnitId", u.serial
     FROM ROWS FROM (jsonb_to_recordset($4) AS ("lineId" uuid, units jsonb)) WITH ORDINALITY AS x(line, units, ord)
     CROSS JOIN jsonb_to_recordset(x.units) AS u("serialUnitId" uuid, serial text)`,
);
const taxesStatement = sql(
  'pos.sale-return-insert-taxes',
  `INSERT INTO sale_return_tax (tenant_id, return_id, position, sale_id, line_id, component, rate, scheme, base_minor, tax_minor)
   SELECT $1, $2, row_number() OVER (ORDER BY x.ord, t.component) - 1, $3, t."lineId", t.component, t.rate, t.scheme,
          t."baseMinor", t."taxMinor"
     FROM ROWS FROM (jsonb_to_recordset($4) AS (taxes jsonb)) WITH ORDINALITY AS x(taxes, ord)
     CROSS JOIN jsonb_to_recordset(x.taxes) AS t("lineId" uuid, component text, rate numeric, scheme text,
                "baseMinor" bigint, "taxMinor" bigint)`,
);
const refundsStatement = sql(
  'pos.sale-return-insert-refunds',
  `INSERT INTO sale_return_refund (tenant_id, return_id, sale_id, position, tender_position, kind, amount_minor, reference,
                                   stored_value_id)
   SELECT $1, $2, $3, x.ord - 1, x.tender, x.kind, x.amount, x.reference, x.value
     FROM ROWS FROM (jsonb_to_recordset($4) AS ("tenderPosition" integer, kind text, "amountMinor" bigint, reference text,
                                                "storedValueId" uuid))
          WITH ORDINALITY AS x(tender, kind, amount, reference, value, ord)`,
);

// Whatever takes goods back comes by here: what their owners are owed goes back with them.
const consignmentStatement = sql(
  'pos.sale-return-consignment',
  'SELECT consignment_returned($1, $2, $3)',
);

/** Answers when it was written. */
export async function insertReturn(tx: Tx, of: NewReturn): Promise<Date> {
  const { id, number, saleId, registerId, shiftId, locationId, currencyCode, totalMinor } = of;
  const rows = await tx.query<{ returnedAt: Date }>(insertStatement, [
    ...[tx.tenantId, id, number, saleId, registerId, shiftId, locationId, currencyCode, totalMinor],
    ...[of.reason, of.note, of.returnedBy, of.kind],
  ]);
  const lines = JSON.stringify(of.lines);
  await tx.query(linesStatement, [tx.tenantId, id, saleId, lines]);
  await tx.query(unitsStatement, [tx.tenantId, id, saleId, lines]);
  await tx.query(consignmentStatement, [tx.tenantId, id, of.returnedBy]);
  if (of.lines.some(({ taxes }) => taxes.length > 0))
    await tx.query(taxesStatement, [tx.tenantId, id, saleId, lines]);
  await tx.query(refundsStatement, [tx.tenantId, id, saleId, JSON.stringify(of.refunds)]);
  return exactlyOne(rows).returnedAt;
}

export type SaleReturn = Omit<NewReturn, 'lines' | 'refunds'> & {
  returnedAt: Date;
  /** With microseconds, for the cursor. */
  position: string;
  lines: {
    lineId: string;
    quantity: number;
    totalMinor: number;
    disposition: Disposition | null;
    units: SoldUnit[];
  }[];
  taxes: ReturnedTax[];
  refunds: {
    tenderIndex: number;
    kind: Tender['kind'];
    amountMinor: number;
    reference: string | null;
    storedValueId: string | null;
  }[];
};
