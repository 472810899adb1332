import type { ServiceClient } from '@onecount/graphql';
import type { Caller } from '../sale/idempotency.ts';

// Checked against inventory's SDL by test/neighbours.unit.spec.ts.

export const rentalHoldOperation = {
  name: 'PosRentalHold',
  query: `mutation PosRentalHold($input: RentalHoldInput!) {
  rentalHoldPlace(input: $input) { isHeld message }
}`,
};
export const rentalReleaseOperation = {
  name: 'PosRentalRelease',
  query: `mutation PosRentalRelease($input: RentalHoldInput!) {
  rentalHoldRelease(input: $input) { wasHeld }
}`,
};

export type RentalAttempt = {
  rentalId: string;
  attempt: number;
  sku: string;
  serialUnitId: string;
};
export type RentalClient = ReturnType<typeof createRentalClient>;

/** Keeps and frees the units of rentals in inventory. Throws ServiceCallError. */
export function createRentalClient(client: ServiceClient) {
  return {
    async hold(caller: Caller, input: RentalAttempt) {
      type Data = { rentalHoldPlace: { isHeld: boolean; message: string | null } };
      return (await client.call<Data>(caller, rentalHoldOperation, { input })).rentalHoldPlace;
    },
    async release(caller: Caller, input: RentalAttempt): Promise<void> {
      await client.call(caller, rentalReleaseOperation, { input });
    },
  };
}
