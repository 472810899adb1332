import { namesUnit, unitsOfLines } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import { lockPassportsOfUnits } from '../passport/passport.sql.ts';
import { addUnitRecords } from './unit-records.ts';

/** Each unit that came back gets a RETURNED record: when, and nothing about why, price or buyer. */
export function saleReturned(urlOf: (id: string) => string): EventHandler<'pos.sale-returned'> {
  return {
    type: 'pos.sale-returned',
    consumer: 'passport.lifecycle',
    mayConcern: namesUnit,
    concerns: ({ data }) => unitsOfLines(data.lines).length > 0,
    async handle(tx, { data }) {
      const serialUnitIds = unitsOfLines(data.lines).sort();
      await lockPassportsOfUnits(tx, serialUnitIds);
      await addUnitRecords(tx, urlOf, {
        ...{ serialUnitIds, kind: 'RETURNED' },
        ...{ occurredAt: data.returnedAt, referenceId: data.returnId },
      });
    },
    lock: (tx, events) =>
      lockPassportsOfUnits(
        tx,
        events.flatMap(({ data }) => unitsOfLines(data.lines)),
      ),
  };
}
