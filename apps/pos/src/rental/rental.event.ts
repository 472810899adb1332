import { newEvent, type DomainEvent } from '@onecount/events';
import type { Rental } from './rental.ts';

/** Of a rental that is back. No personal data. */
export function rentalEndedEvent(
  tenantId: string,
  rental: Rental,
): DomainEvent<'pos.rental-ended'> {
  const { id: rentalId, version, stockItemId, serialUnitId, sku, serial, currencyCode } = rental;
  return newEvent('pos.rental-ended', {
    tenantId,
    aggregateId: rentalId,
    sequence: version,
    data: {
      ...{ rentalId, version, stockItemId, serialUnitId, sku, currencyCode },
      ...(serial === null ? {} : { serial }),
      ...{ from: rental.from.toISOString(), until: rental.until.toISOString() },
      ...{ outAt: rental.outAt!.toISOString(), endedAt: rental.backAt!.toISOString() },
      ...{ priceMinor: rental.priceMinor, lateFeeMinor: rental.lateMinor! },
      damageFeeMinor: rental.damageMinor!,
    },
  });
}
