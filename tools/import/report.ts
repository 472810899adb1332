import type { ImportState, RowError } from './api.ts';

const cellLengthMax = 44;

/** What came of the import, in a few lines. */
export function summary({ status, failure, dryRun, totals, columnsIgnored }: ImportState): string {
  const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const kind = dryRun ? 'Dry run' : 'Import';
  const lines = [
    failure === null ? `${kind} ${status.toLowerCase()}.` : `${kind} failed: ${failure}`,
    `  products  ${totals.productsCreated} created, ${totals.productsUpdated} updated, ${totals.productsUnchanged} unchanged, ${totals.productsRefused} refused`,
    `  variants  ${totals.variantsImported}`,
    `  rows      ${totals.rowsImported} imported, ${totals.rowsRefused} refused`,
    `  stock     ${totals.unitsReceived} of ${plural(totals.unitsRequested, 'unit')} received`,
  ];
  if (totals.stockPending > 0) {
    lines.push(
      `            ${plural(totals.stockPending, 'product')} wait for inventory and will follow`,
    );
  }
  if (columnsIgnored.length > 0) lines.push(`  ignored   ${listOf(columnsIgnored)}`);
  return lines.join('\n');
}

function listOf(columns: readonly string[]): string {
  const shown = columns.slice(0, 6).join(', ');
  return columns.length > 6 ? `${shown} and ${columns.length - 6} more columns` : shown;
}

/** The row errors as a table; columns as wide as what stands in them. */
export function errorTable(errors: readonly RowError[]): string {
  const rows = [
    ['Row', 'Column', 'Value', 'Reason'],
    ...errors.map(({ row, column, value, message }) => [
      String(row),
      cell(column),
      cell(value),
      message.replaceAll(/\s+/gu, ' '),
    ]),
  ];
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

// Control characters of a broken file must not reach the terminal.
function cell(text: string | null): string {
  const plain = (text ?? '').replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return plain.length > cellLengthMax ? `${plain.slice(0, cellLengthMax - 1)}…` : plain;
}
