import { newEvent, type DomainEvent } from '@onecount/events';
import type { PassportRow } from './passport.ts';

export function passportChanged(
  passport: PassportRow,
  url: string,
): DomainEvent<'passport.passport-changed'> {
  const { tenantId, id, serialUnitId, version, status } = passport;
  return newEvent('passport.passport-changed', {
    tenantId,
    aggregateId: id,
    sequence: version,
    data: { passportId: id, version, serialUnitId, status, url },
  });
}
