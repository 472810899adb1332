import { randomUUID } from 'node:crypto';
import { newEvent, type EventData } from '@onecount/events';
import { movementRecorded } from '../src/consumers/movement-recorded.ts';
import { tenantA, type Pos } from './pos.harness.ts';

type Movement = EventData<'inventory.movement-recorded'>;

/** What inventory says that it wrote into its ledger; unless it is given, nothing of a sale. */
export const movement = (given: Partial<Movement>): Movement => ({
  ...{ movementId: randomUUID(), stockItemId: randomUUID(), sku: 'RING', locationCode: 'HQ' },
  ...{ locationId: '01900000-0000-7000-8000-0000000000f1', quantity: 1, reason: 'RECEIPT' },
  ...{ resultingOnHand: 1, occurredAt: '2026-03-01T12:00:00.000Z', actor: 'inventory' },
  ...given,
});

/** As the inbox hands them over, together. */
export async function deliver(pos: Pos, movements: readonly Movement[]): Promise<void> {
  const events = movements.map((data) =>
    newEvent('inventory.movement-recorded', {
      tenantId: tenantA,
      aggregateId: `${data.stockItemId}/${data.locationId}`,
      sequence: 1,
      data,
    }),
  );
  const heard = events.filter(
    (event) =>
      movementRecorded.mayConcern!(JSON.stringify(event.data)) && movementRecorded.concerns!(event),
  );
  await pos.database.db.inTransaction(tenantA, (tx) => movementRecorded.handleAll!(tx, heard));
}
