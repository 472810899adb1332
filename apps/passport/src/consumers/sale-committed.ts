import { namesUnit, unitsOfLines } from '@onecount/events';
import type { EventHandler } from '@onecount/messaging';
import { lockPassportsOfUnits } from '../passport/passport.sql.ts';
import { addUnitRecords } from './unit-records.ts';

/** Each sold unit gets a SOLD record: when, and nothing about price or buyer. */
export function saleCommitted(urlOf: (id: string) => string): EventHandler<'pos.sale-committed'> {
  return {
    type: 'pos.sale-committed',
    consumer: 'passport.lifecycle',
    mayConcern: namesUnit,
    concerns: ({ data }) => unitsOf(data.lines).length > 0,
    lock: (tx, events) =>
      lockPassportsOfUnits(
        tx,
        events.flatMap(({ data }) => unitsOf(data.lines)),
      ),
    async handle(tx, { data, time }) {
      await addUnitRecords(tx, urlOf, {
        serialUnitIds: unitsOf(data.lines),
        kind: 'SOLD',
        occurredAt: data.committedAt ?? time,
        referenceId: data.saleId,
      });
    },
  };
}

// In one order in every transaction, so that two of them never wait for each other in a ring.
function unitsOf(lines: Parameters<typeof unitsOfLines>[0]): string[] {
  return unitsOfLines(lines).sort();
}
