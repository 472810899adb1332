import { newEvent, type DomainEvent } from '@onecount/events';
import type { Sale } from '../sale/sale.ts';
import type { NewReturn } from './return.sql.ts';

/** Of the sale, under its key and with its next version: nobody hears of it before the sale. No personal data. */
export function saleReturnedEvent(
  tenantId: string,
  sale: Sale,
  back: NewReturn & { returnedAt: Date; version: number },
): DomainEvent<'pos.sale-returned'> {
  const { registerId, shiftId, locationId, currencyCode, totalMinor, reason, version } = back;
  return newEvent('pos.sale-returned', {
    tenantId,
    aggregateId: sale.id,
    sequence: version,
    data: {
      ...{ saleId: sale.id, version, returnId: back.id, returnNumber: back.number },
      ...{ receiptNumber: sale.receiptNumber!, channel: sale.channel, currencyCode, totalMinor },
      ...{
        kind: back.kind,
        locationId,
        registerId,
        shiftId,
        returnedAt: back.returnedAt.toISOString(),
        reason,
      },
      lines: back.lines.flatMap((line) => lineOf(sale, back, line)),
      ...taxesOf(back),
      refunds: back.refunds.map(({ kind, amountMinor }) => ({ kind, amountMinor })),
    },
  });
}

function taxesOf({ lines }: NewReturn) {
  const taxes = lines.flatMap((line) => line.taxes);
  return taxes.length === 0 ? {} : { taxes };
}

/** Of what is no stock item, as a gift card, the event of the sale says nothing, and so this one. */
function lineOf(
  sale: Sale,
  { kind, locationId }: NewReturn,
  { lineId, quantity, totalMinor, ...back }: NewReturn['lines'][number],
) {
  const sold = sale.lines.find(({ id }) => id === lineId)!;
  const { stockItemId, variantId, sku, title, tracking } = sold;
  if (stockItemId === null) return [];
  const units = back.units.map(({ serialUnitId, serial }) => ({
    serialUnitId,
    ...(serial === null ? {} : { serial }),
  }));
  return [
    {
      ...{ lineId, stockItemId, sku, title, tracking, quantity, totalMinor },
      ...(variantId === null ? {} : { variantId }),
      ...(units.length === 0 ? {} : { units }),
      ...(back.disposition === null ? {} : { disposition: back.disposition }),
      // A sale that is taken back as a whole leaves its goods where they were: another place may have given some.
      ...(kind === 'POST_VOID' && sold.locationId !== null && sold.locationId !== locationId
        ? { locationId: sold.locationId }
        : {}),
    },
  ];
}
