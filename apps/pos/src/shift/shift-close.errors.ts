import { refuse } from '@onecount/refusal';

export function shiftHasPendingSales(saleIds: string[]) {
  const message = `${saleIds.length} checkouts of this shift have no outcome yet.`;
  return refuse('ShiftHasPendingSales', 'SHIFT_HAS_PENDING_SALES', message, { saleIds });
}

export function shiftAlreadyClosed(shiftId: string, closed: Date) {
  const closedAt = closed.toISOString();
  const message = `The shift is closed since ${closedAt}.`;
  return refuse('ShiftAlreadyClosed', 'SHIFT_ALREADY_CLOSED', message, { shiftId, closedAt });
}
