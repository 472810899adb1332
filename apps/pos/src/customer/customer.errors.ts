import { refuse } from '@onecount/refusal';

// Ids and numbers only: a refusal is kept under its key, and read by whoever runs the till.

export function customerChanged({ id, version }: { id: string; version: number }, given: number) {
  const message = `The customer is at version ${version}, not ${given}: somebody has changed it since.`;
  const data = { customerId: id, versionGiven: given, version };
  return refuse('CustomerChanged', 'CUSTOMER_CHANGED', message, data);
}

export type CustomerErased = ReturnType<typeof customerErased>;

export function customerErased(customerId: string) {
  const message = 'The customer was erased: nothing is known of the person any more.';
  return refuse('CustomerErased', 'CUSTOMER_ERASED', message, { customerId });
}
