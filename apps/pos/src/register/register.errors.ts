import { refuse } from '@onecount/refusal';

export function registerAlreadyOpen(open: {
  name: string;
  registerId: string;
  shiftId: string;
  openedAt: string;
}) {
  const { name, ...data } = open;
  const message = `Register ${name} is open already, since ${data.openedAt}.`;
  return refuse('RegisterAlreadyOpen', 'REGISTER_ALREADY_OPEN', message, data);
}

export function shiftHasPendingSales(saleIds: string[]) {
  const message = `${saleIds.length} checkouts of this shift have no outcome yet.`;
  return refuse('ShiftHasPendingSales', 'SHIFT_HAS_PENDING_SALES', message, { saleIds });
}
