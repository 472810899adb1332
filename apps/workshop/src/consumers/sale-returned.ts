import { namesUnit, unitsOfLines } from '@onecount/events';
import { appendEvents, type EventHandler } from '@onecount/messaging';
import { endSale, lockUnits } from '../known-unit/known-unit.sql.ts';
import { repairChanged } from '../repair/repair.events.ts';
import { touchRepairsOfUnits } from '../repair/repair.sql.ts';

/** Tickets on a unit that came back of its sale no longer say that it is sold: it is the shop's again. */
export const saleReturned: EventHandler<'pos.sale-returned'> = {
  type: 'pos.sale-returned',
  consumer: 'workshop.unit-sale',
  mayConcern: namesUnit,
  concerns: ({ data }) => unitsOfLines(data.lines).length > 0,
  lock: (tx, events) =>
    lockUnits(
      tx,
      events.flatMap(({ data }) => unitsOfLines(data.lines)),
    ),
  async handle(tx, { data }) {
    const serialUnitIds = unitsOfLines(data.lines);
    await lockUnits(tx, serialUnitIds);
    const news = await endSale(tx, { serialUnitIds, saleId: data.saleId });
    const repairs = await touchRepairsOfUnits(tx, news);
    await appendEvents(tx, repairs.map(repairChanged));
  },
};
