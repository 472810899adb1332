import type { SerialUnitStatus } from '../../kernel/serial-unit/serial-unit.sql.ts';

// What a correction's reason means for one unit; pure.

export type AdjustmentReason =
  'COUNT_CORRECTION' | 'DAMAGE' | 'LOSS' | 'RETURN' | 'FOUND' | 'REPAIR_CONSUMPTION' | 'OTHER';

/** What becomes of a unit that goes (−1) or comes (1); null where the reason does not fit the sign. */
export function statusBy(reason: AdjustmentReason, quantity: 1 | -1): SerialUnitStatus | null {
  const [goes, comes] = statuses[reason];
  return quantity < 0 ? goes : comes;
}

const statuses: Record<AdjustmentReason, [SerialUnitStatus | null, SerialUnitStatus | null]> = {
  COUNT_CORRECTION: ['LOST', 'AVAILABLE'],
  DAMAGE: ['SCRAPPED', null],
  LOSS: ['LOST', null],
  RETURN: [null, 'RETURNED'],
  FOUND: [null, 'AVAILABLE'],
  REPAIR_CONSUMPTION: ['SCRAPPED', null],
  // Nobody knows what it stands for: LOST can be undone, SCRAPPED cannot.
  OTHER: ['LOST', 'AVAILABLE'],
};
