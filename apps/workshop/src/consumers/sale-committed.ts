import { namesUnit, unitsOfLines } from '@onecount/events';
import { appendEvents, type EventHandler } from '@onecount/messaging';
import { lockUnits, saveSale } from '../known-unit/known-unit.sql.ts';
import { repairChanged } from '../repair/repair.events.ts';
import { touchRepairsOfUnits } from '../repair/repair.sql.ts';

/** Tickets on a unit that was sold say so: the piece on the bench belongs to somebody else now. */
export const saleCommitted: EventHandler<'pos.sale-committed'> = {
  type: 'pos.sale-committed',
  consumer: 'workshop.unit-sale',
  mayConcern: namesUnit,
  concerns: ({ data }) => unitsOfLines(data.lines).length > 0,
  lock: (tx, events) =>
    lockUnits(
      tx,
      events.flatMap(({ data }) => unitsOfLines(data.lines)),
    ),
  async handle(tx, { data, time }) {
    const serialUnitIds = unitsOfLines(data.lines);
    await lockUnits(tx, serialUnitIds);
    const soldAt = data.committedAt ?? time;
    const news = await saveSale(tx, { serialUnitIds, saleId: data.saleId, soldAt });
    const repairs = await touchRepairsOfUnits(tx, news);
    await appendEvents(tx, repairs.map(repairChanged));
  },
};
