import type { EventHandler } from '@onecount/messaging';
import { saveUnit } from '../known-unit/known-unit.sql.ts';
import { addRecord } from '../lifecycle/lifecycle.sql.ts';

export const serialUnitChanged: EventHandler<'inventory.serial-unit-changed'> = {
  type: 'inventory.serial-unit-changed',
  consumer: 'passport.known-unit',
  async handle(tx, { data }) {
    await saveUnit(tx, data);
    await addRecord(tx, {
      serialUnitId: data.serialUnitId,
      kind: 'RECEIVED',
      occurredAt: data.receivedAt,
      referenceId: data.serialUnitId,
    });
  },
};
