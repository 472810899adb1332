import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { ReceiptFormat } from '../receipt/receipt.ts';

export type ReturnPrint = {
  id: string;
  returnId: string;
  format: ReceiptFormat;
  copyNumber: number;
  printedBy: string;
  printedAt: Date;
};
export type ReturnPrintPage = Connection<ReturnPrint>;

const columns = `p.id, p.return_id AS "returnId", p.format, p.copy_number AS "copyNumber", p.printed_by AS "printedBy",
  p.printed_at AS "printedAt"`;

// Prints of one return come one after the other behind the row of its sale: that of a return is never locked, because
// nobody may write it.
const lockStatement = sql(
  'pos.return-print-lock',
  `SELECT FROM sale s WHERE s.tenant_id = $1 AND s.id = (SELECT r.sale_id FROM sale_return r
    WHERE r.tenant_id = $1 AND r.id = $2) FOR NO KEY UPDATE`,
);
const insertStatement = sql(
  'pos.return-print-insert',
  `INSERT INTO return_print (tenant_id, id, return_id, format, printed_by, unit_numbers, copy_number)
   SELECT $1, $2, $3::uuid, $4, $5, $6, (SELECT count(*) FROM return_print p
     WHERE p.tenant_id = $1 AND p.return_id = $3::uuid)`,
);

export type NewReturnPrint = Omit<ReturnPrint, 'copyNumber' | 'printedAt'> & {
  unitNumbers: Readonly<Record<string, string>>;
};

/** Of a return that there is. */
export async function insertReturnPrint(tx: Tx, print: NewReturnPrint): Promise<void> {
  const { id, returnId, format, printedBy, unitNumbers } = print;
  exactlyOne(await tx.query(lockStatement, [tx.tenantId, returnId]));
  const values = [tx.tenantId, id, returnId, format, printedBy, JSON.stringify(unitNumbers)];
  await tx.query(insertStatement, values);
}

/** A print with what its document needs beside the return. */
export type PrintedReturn = ReturnPrint & {
  unitNumbers: Record<string, string>;
  registerName: string;
  originalBy: string;
  originalAt: Date;
};

const byIdStatement = sql(
  'pos.return-print-by-id',
  `SELECT ${columns}, p.unit_numbers AS "unitNumbers", g.name AS "registerName", o.printed_by AS "originalBy",
     o.printed_at AS "originalAt"
     FROM return_print p
     JOIN return_print o ON o.tenant_id = p.tenant_id AND o.return_id = p.return_id AND o.copy_number = 0
     JOIN sale_return r ON r.tenant_id = p.tenant_id AND r.id = p.return_id
     JOIN register g ON g.tenant_id = r.tenant_id AND g.id = r.register_id
    WHERE p.tenant_id = $1 AND p.id = $2`,
);

export async function returnPrintById(tx: Tx, id: string): Promise<PrintedReturn> {
  return exactlyOne(await tx.query<PrintedReturn>(byIdStatement, [tx.tenantId, id]));
}

const pageStatement = sql(
  'pos.return-print-page',
  `SELECT ${columns} FROM return_print p
    WHERE p.tenant_id = $1 AND p.return_id = $2 AND ($3::uuid IS NULL OR p.id > $3)
    ORDER BY p.id LIMIT $4`,
);

export function returnPrintPage(
  tx: Tx,
  returnId: string,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<ReturnPrint[]> {
  const [id = null] = after ?? [];
  return tx.query<ReturnPrint>(pageStatement, [tx.tenantId, returnId, id, limit]);
}
