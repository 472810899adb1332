import type { EventData } from '@onecount/events';
import { splitEvenly } from './item-ledger.ts';
import type { NewEntry } from './item-ledger.sql.ts';

type Sale = EventData<'pos.sale-committed'>;

/**
 * One entry per line, or per unit of a serialised line: the line's total, split exactly. A unit that the
 * event does not name is read from the movements of the line, so no order between the two is needed.
 */
export function incomeOfSale(sale: Sale, time: string): NewEntry[] {
  return sale.lines
    .filter((line) => line.tracking !== 'NONE')
    .flatMap((line) => {
      const isSerial = line.tracking === 'SERIAL';
      const amounts = splitEvenly(line.totalMinor, isSerial ? line.quantity : 1);
      return amounts.map((amountMinor, part) => ({
        stockItemId: line.stockItemId,
        serialUnitId: line.quantity === 1 ? (line.serialUnitId ?? null) : null,
        kind: 'INCOME' as const,
        amountMinor,
        currencyCode: sale.currencyCode,
        quantity: isSerial ? 1 : line.quantity,
        category: 'SALE',
        referenceKind: 'SALE',
        referenceId: sale.saleId,
        lineId: line.lineId,
        part,
        actor: 'pos',
        occurredAt: sale.committedAt ?? time,
      }));
    });
}

/** What is given back is income taken back, of the units that came back as far as the return names them. */
export function incomeOfReturn(of: EventData<'pos.sale-returned'>): NewEntry[] {
  return of.lines.flatMap((line, position) => {
    if (line.tracking === 'NONE') return [];
    const isSerial = line.tracking === 'SERIAL';
    return splitEvenly(-line.totalMinor, isSerial ? line.quantity : 1).map((amountMinor, part) => ({
      stockItemId: line.stockItemId,
      serialUnitId: line.units?.[part]?.serialUnitId ?? null,
      kind: 'INCOME' as const,
      amountMinor,
      currencyCode: of.currencyCode,
      quantity: isSerial ? 1 : line.quantity,
      category: 'RETURN',
      referenceKind: 'SALE_RETURN',
      referenceId: of.returnId,
      // A line may come back in several parts of one return, each going its own way.
      lineId: `${line.lineId}/${position}`,
      part,
      actor: 'pos',
      occurredAt: of.returnedAt,
    }));
  });
}
