import { exactlyOne, sql, uuidv7, type Tx } from '@onecount/db';
import { visible } from '@onecount/refusal';
import type { CountLine, CountResult } from '../stock-command/stock-command.ts';
import type { RowError } from './csv-row.ts';

const insertErrors = sql(
  'catalog.import-errors-insert',
  `INSERT INTO product_import_row_error
     (tenant_id, import_id, id, row_number, column_name, value, handle, code, message, severity, line_number)
   SELECT $1, $2, * FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::text[], $7::text[],
     $8::text[], $9::text[], $10::text[], $11::integer[])`,
);

export type RowSeverity = 'ERROR' | 'WARNING';

/** Keeps what is wrong in rows, and what came in otherwise than it stands there. */
export async function insertRowNotes(
  tx: Tx,
  importId: string,
  notes: { errors?: readonly RowError[]; warnings?: readonly RowError[] },
): Promise<void> {
  const { errors: wrong = [], warnings = [] } = notes;
  const errors = [...wrong, ...warnings];
  if (errors.length === 0) return;
  // A NUL, which no text column takes, may be the very thing that is reported.
  const text = (value: string | undefined) => value?.replaceAll('\u0000', '\uFFFD') ?? null;
  await tx.query(insertErrors, [
    tx.tenantId,
    importId,
    errors.map(() => uuidv7()),
    errors.map(({ row }) => row),
    errors.map(({ column }) => text(column)),
    errors.map(({ value }) => text(value)),
    errors.map(({ handle }) => text(handle)),
    errors.map(({ code }) => code),
    errors.map(({ message }) => visible(message)),
    errors.map((_, index): RowSeverity => (index < wrong.length ? 'ERROR' : 'WARNING')),
    errors.map(({ line }) => line ?? null),
  ]);
}

const errorPage = sql(
  'catalog.import-error-page',
  `SELECT id, row_number AS "row", column_name AS "column", value, handle, code, message,
     line_number AS line
   FROM product_import_row_error
   WHERE tenant_id = $1 AND import_id = $2 AND severity = $6
     AND ($3::integer IS NULL OR (row_number, id) > ($3, $4::uuid))
   ORDER BY row_number, id LIMIT $5`,
);

export type RowErrorRow = Omit<RowError, 'line' | 'column' | 'value' | 'handle'> & {
  id: string;
  line: number | null;
  column: string | null;
  value: string | null;
  handle: string | null;
};

export function rowErrorPage(
  tx: Tx,
  importId: string,
  args: {
    severity: RowSeverity;
    afterRow: number | undefined;
    afterId: string | undefined;
    limit: number;
  },
) {
  const { severity, afterRow, afterId, limit } = args;
  const values = [tx.tenantId, importId, afterRow ?? null, afterId ?? null, limit, severity];
  return tx.query<RowErrorRow>(errorPage, values);
}

const handleOfProduct = sql(
  'catalog.handle-of-product',
  'SELECT handle FROM product WHERE tenant_id = $1 AND id = $2',
);
const countError = sql(
  'catalog.import-count-error',
  `UPDATE product_import SET row_errors_total = row_errors_total + 1
   WHERE tenant_id = $1 AND id = $2`,
);

/** Reports in the import's list of errors that inventory refused the opening stock of one of its products. */
export async function reportRefusedStock(
  tx: Tx,
  importId: string,
  refusal: { productId: string; row: number; value: string | undefined; message: string },
): Promise<void> {
  const { productId, row, value, message } = refusal;
  const product = await tx.query<{ handle: string }>(handleOfProduct, [tx.tenantId, productId]);
  const { handle } = exactlyOne(product);
  const error = { row, value, handle, code: 'STOCK_REFUSED', message } as const;
  await insertRowNotes(tx, importId, { errors: [error] });
  await countRowError(tx, importId);
}

export async function countRowError(tx: Tx, importId: string): Promise<void> {
  await tx.query(countError, [tx.tenantId, importId]);
}

const countNotes = sql(
  'catalog.import-count-notes',
  `UPDATE product_import SET row_errors_total = row_errors_total + $3,
     row_warnings_total = row_warnings_total + $4
   WHERE tenant_id = $1 AND id = $2`,
);

/** Reports which counts of a file inventory has not taken, row by row. */
export async function reportCounts(
  tx: Tx,
  importId: string,
  counts: readonly CountLine[],
  results: readonly CountResult[],
): Promise<void> {
  const notes = counts.flatMap((line, index) => countNote(line, results[index]) ?? []);
  const isError = ({ code }: RowError) => code !== 'STOCK_KEPT';
  const errors = notes.filter(isError);
  const warnings = notes.filter((note) => !isError(note));
  await insertRowNotes(tx, importId, { errors, warnings });
  await tx.query(countNotes, [tx.tenantId, importId, errors.length, warnings.length]);
}

function countNote(line: CountLine, result: CountResult | undefined): RowError | null {
  const { sku, location, row } = line;
  const value = `${sku} ${location} ${line.onHand}`;
  const kept = `${result?.before} are on hand of ${sku} at ${location}`;
  switch (result?.outcome) {
    case 'KEPT': {
      const message = `${kept}, counted before; with existingStock SET they would be ${line.onHand}.`;
      return { row, value, code: 'STOCK_KEPT', message };
    }
    case 'HELD': {
      const message = `${kept}, and more of them are promised than ${line.onHand}.`;
      return { row, value, code: 'STOCK_KEPT', message };
    }
    case 'NOT_BY_QUANTITY':
      return { row, value, code: 'STOCK_KEPT', message: `${sku} is not counted by quantity.` };
    case 'UNKNOWN_SKU':
      return { row, value, code: 'UNKNOWN_SKU', message: `Inventory knows no SKU ${sku}.` };
    case 'UNKNOWN_LOCATION': {
      const message = `No location has the code or the name "${location}".`;
      return { row, value: location, code: 'UNKNOWN_LOCATION', message };
    }
    default:
      return null;
  }
}
