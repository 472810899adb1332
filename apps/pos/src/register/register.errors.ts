import { refuse } from '@onecount/refusal';

export function registerAlreadyOpen(
  { id: registerId, name }: { id: string; name: string },
  shift: { id: string; openedAt: Date },
) {
  const openedAt = shift.openedAt.toISOString();
  const message = `Register ${name} is open already, since ${openedAt}.`;
  const data = { registerId, shiftId: shift.id, openedAt };
  return refuse('RegisterAlreadyOpen', 'REGISTER_ALREADY_OPEN', message, data);
}

export function registerNameTaken(other: { id: string; name: string; locationCode: string }) {
  const { id: registerId, name, locationCode } = other;
  const message = `${locationCode} has a register called ${name} already.`;
  return refuse('RegisterNameTaken', 'REGISTER_NAME_TAKEN', message, { name, registerId });
}

export function registerInactive({ id, name }: { id: string; name: string }) {
  const message = `Register ${name} is put away: put it back first.`;
  return refuse('RegisterInactive', 'REGISTER_INACTIVE', message, { registerId: id });
}
