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

export function alreadyOpen(
  register: { id: string; name: string },
  shift: { id: string; openedAt: Date },
) {
  return registerAlreadyOpen({
    name: register.name,
    registerId: register.id,
    shiftId: shift.id,
    openedAt: shift.openedAt.toISOString(),
  });
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
