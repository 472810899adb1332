import { newEvent, type DomainEvent, type EventData } from '@onecount/events';
import { tenderKey } from '../report/figures.ts';
import type { ZReport } from '../report/z-report.sql.ts';

type ShiftClosed = EventData<'pos.shift-closed'>;

/**
 * The takings for whoever keeps the books. Not who was at the till, what it is called and why a manager closed it: topics
 * carry no personal data. A shift is closed once, so this is the only version there is.
 */
export function shiftClosedEvent(
  tenantId: string,
  report: ZReport,
): DomainEvent<'pos.shift-closed'> {
  const { figures, shiftId } = report;
  const { openingFloatMinor, receipts } = figures;
  return newEvent('pos.shift-closed', {
    tenantId,
    aggregateId: shiftId,
    sequence: 1,
    data: {
      shiftId,
      version: 1,
      registerId: report.registerId,
      locationId: report.locationId,
      zReportId: report.id,
      zReportNumber: report.number,
      openedAt: report.openedAt.toISOString(),
      closedAt: report.closedAt.toISOString(),
      isForced: report.closeReason !== null,
      currencyCode: figures.currencyCode!,
      ...(openingFloatMinor === null ? {} : { openingFloatMinor }),
      sales: figures.sales,
      voids: figures.voids,
      tenders: tendersOf(report),
      cashMovements: figures.cashMovements,
      returns: figures.returns ?? [],
      refunds: figures.refunds ?? [],
      postVoids: figures.postVoids ?? [],
      ...(receipts ? { receiptFrom: receipts.from, receiptTo: receipts.to } : {}),
    },
  });
}

function tendersOf({ figures, tenders }: ZReport): ShiftClosed['tenders'] {
  const taken = new Map(figures.tenders.map((one) => [tenderKey(one), one]));
  return tenders.map(({ countedMinor, ...tender }) => {
    const { receivedMinor = 0, changeMinor = 0 } = taken.get(tenderKey(tender)) ?? {};
    const counted = countedMinor === null ? {} : { countedMinor };
    return { ...tender, receivedMinor, changeMinor, ...counted };
  });
}
