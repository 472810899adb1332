import type { EventHandler } from '@onecount/messaging';
import { saveUnit } from '../known-unit/known-unit.sql.ts';

export const serialUnitChanged: EventHandler<'inventory.serial-unit-changed'> = {
  type: 'inventory.serial-unit-changed',
  consumer: 'workshop.known-unit',
  handle: (tx, { data }) => saveUnit(tx, data),
};
