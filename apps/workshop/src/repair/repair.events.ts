import { newEvent, type DomainEvent } from '@onecount/events';
import type { RepairRow } from './repair.ts';

/** Says nothing about the customer or the piece's description: events are read far from here. */
export function repairChanged(repair: RepairRow): DomainEvent<'workshop.repair-changed'> {
  const { tenantId, id, version, ticketNumber, stage, kind, serialUnitId, unitSoldAt } = repair;
  return newEvent('workshop.repair-changed', {
    tenantId,
    aggregateId: id,
    sequence: version,
    data: {
      ...{ repairId: id, version, ticketNumber, stage, kind },
      ...(serialUnitId ? { serialUnitId } : {}),
      ...(unitSoldAt ? { unitSoldAt: unitSoldAt.toISOString() } : {}),
    },
  });
}
