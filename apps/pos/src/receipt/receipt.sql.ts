import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { Sale } from '../sale/sale.ts';
import type { ReceiptFormat, ReceiptKind } from './receipt.ts';

export type ReceiptPrint = {
  id: string;
  saleId: string;
  kind: ReceiptKind;
  format: ReceiptFormat;
  copyNumber: number;
  printedBy: string;
  printedAt: Date;
};
export type ReceiptPrintPage = Connection<ReceiptPrint>;
export type NewPrint = Omit<ReceiptPrint, 'copyNumber' | 'printedAt'> & {
  unitNumbers: Readonly<Record<string, string>>;
};

const columns = `p.id, p.sale_id AS "saleId", p.kind, p.format, p.copy_number AS "copyNumber", p.printed_by AS "printedBy",
  p.printed_at AS "printedAt"`;

// Prints of one sale come one after the other behind its row, which nothing else locks once it is committed.
const lockStatement = sql(
  'pos.receipt-lock-sale',
  'SELECT FROM sale WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE',
);
const insertStatement = sql(
  'pos.receipt-print-insert',
  `INSERT INTO receipt_print (tenant_id, id, sale_id, kind, format, printed_by, unit_numbers, copy_number)
   SELECT $1, $2, $3::uuid, $4::text, $5, $6, $7, (SELECT count(*) FROM receipt_print p
     WHERE p.tenant_id = $1 AND p.sale_id = $3::uuid AND p.kind = $4::text)`,
);

export async function insertPrint(tx: Tx, print: NewPrint): Promise<void> {
  const { id, saleId, kind, format, printedBy, unitNumbers } = print;
  await tx.query(lockStatement, [tx.tenantId, saleId]);
  await tx.query(insertStatement, [
    ...[tx.tenantId, id, saleId, kind, format, printedBy],
    JSON.stringify(unitNumbers),
  ]);
}

const byIdStatement = sql(
  'pos.receipt-print-by-id',
  `SELECT ${columns} FROM receipt_print p WHERE p.tenant_id = $1 AND p.id = $2`,
);

export async function printById(tx: Tx, id: string): Promise<ReceiptPrint> {
  return exactlyOne(await tx.query<ReceiptPrint>(byIdStatement, [tx.tenantId, id]));
}

const pageStatement = sql(
  'pos.receipt-print-page',
  `SELECT ${columns} FROM receipt_print p
    WHERE p.tenant_id = $1 AND p.sale_id = $2 AND ($3::uuid IS NULL OR p.id > $3)
    ORDER BY p.id LIMIT $4`,
);

export function printPage(
  tx: Tx,
  saleId: string,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<ReceiptPrint[]> {
  const [id = null] = after ?? [];
  return tx.query<ReceiptPrint>(pageStatement, [tx.tenantId, saleId, id, limit]);
}

/** A print with what its document is made of. */
export type PrintedSale = ReceiptPrint & {
  unitNumbers: Record<string, string>;
  sale: Sale;
  cashier: string;
  registerName: string | null;
  originalBy: string;
  originalAt: Date;
};

const printedStatement = sql(
  'pos.receipt-printed-sale',
  `SELECT ${columns}, p.unit_numbers AS "unitNumbers", sale_view(s) AS sale, s.opened_by AS cashier, r.name AS "registerName",
     o.printed_by AS "originalBy", o.printed_at AS "originalAt"
     FROM receipt_print p
     JOIN receipt_print o ON o.tenant_id = p.tenant_id AND o.sale_id = p.sale_id AND o.kind = p.kind AND o.copy_number = 0
     JOIN sale s ON s.tenant_id = p.tenant_id AND s.id = p.sale_id
     LEFT JOIN register r ON r.tenant_id = s.tenant_id AND r.id = s.register_id
    WHERE p.tenant_id = $1 AND p.id = $2`,
);

export async function printedSale(tx: Tx, printId: string): Promise<PrintedSale | undefined> {
  return (await tx.query<PrintedSale>(printedStatement, [tx.tenantId, printId]))[0];
}
