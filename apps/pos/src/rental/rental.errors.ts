import { refuse } from '@onecount/refusal';
import type { Rental, RentalStatus } from './rental.ts';

// Ids, periods and states only: nothing of who the customers are.

export function rentalOverlaps({
  id: rentalId,
  from,
  until,
}: Pick<Rental, 'id' | 'from' | 'until'>) {
  const period = { from: from.toISOString(), until: until.toISOString() };
  const message = `The unit is let from ${period.from} until ${period.until}.`;
  return refuse('RentalOverlaps', 'RENTAL_OVERLAPS', message, { rentalId, ...period });
}

const words: Record<RentalStatus, string> = {
  BOOKED: 'is booked, and the unit is here',
  OUT: 'is out',
  BACK: 'came back',
  CANCELLED: 'was given up',
  CONFLICT: 'is a conflict: the unit was sold',
};

export function rentalNotPossible({ id: rentalId, status }: Pick<Rental, 'id' | 'status'>) {
  const message = `The rental ${words[status]}.`;
  return refuse('RentalNotPossible', 'RENTAL_NOT_POSSIBLE', message, { rentalId, status });
}

export function rentalUnitNotFree(rentalId: string, message: string) {
  return refuse('RentalUnitNotFree', 'RENTAL_UNIT_NOT_FREE', message, { rentalId });
}
