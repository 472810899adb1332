import type { IdempotencyKeyReused } from '@onecount/db';
import type { ServiceClient } from '@onecount/graphql';
import { refuse, type InvalidInput } from '@onecount/refusal';
import type { Caller } from '../sale/idempotency.ts';
import type { PlacedHold } from '../sale/inventory.client.ts';
import { saleLinesRefused, type SaleLineRefusal } from '../sale/sale.errors.ts';

// Checked against inventory's SDL by test/neighbours.unit.spec.ts.

export const leasePlaceOperation = {
  name: 'PosLeasePlace',
  query: `mutation PosLeasePlace($input: LeaseHoldsPlaceInput!) {
  leaseHoldsPlace(input: $input) {
    __typename
    ... on LeaseHoldsPlaceSuccess {
      holds { lineId stockItemId sku tracking serialUnitId serial quantity }
    }
    ... on UserError { code message }
    ... on HoldBatchRefused {
      reasons { index sku code message requested available availableInAll locationCode }
    }
    ... on InvalidInput { field value }
    ... on IdempotencyKeyReused { idempotencyKey }
  }
}`,
};

export const leaseReleaseOperation = {
  name: 'PosLeaseRelease',
  query: `mutation PosLeaseRelease($input: LeaseHoldsReleaseInput!) {
  leaseHoldsRelease(input: $input) { __typename }
}`,
};

export type LeaseRequest = {
  leaseId: string;
  locationId: string;
  holdSeconds: number;
  lines: { lineId: string; sku: string; serial: string | null; quantity: number }[];
};
/** What a line of a lease got. */
export type LeasedLine = Pick<
  PlacedHold,
  'stockItemId' | 'sku' | 'tracking' | 'serialUnitId' | 'serial' | 'quantity'
> & { lineId: string };
export type LeaseClient = ReturnType<typeof createLeaseClient>;
type LeaseRefusal = ReturnType<typeof saleLinesRefused> | InvalidInput | IdempotencyKeyReused;

type Member = { __typename: string; code?: string; message?: string; [data: string]: unknown };

/** Keeps and frees the stock of leases in inventory; every command may be repeated. Throws ServiceCallError. */
export function createLeaseClient(client: ServiceClient) {
  return {
    /** In the order of the lines: all or none. The same lease and lines give the same. */
    async place(caller: Caller, lease: LeaseRequest): Promise<LeasedLine[] | LeaseRefusal> {
      const input = { ...lease, subject: caller.subject };
      type Data = { leaseHoldsPlace: Member };
      const { leaseHoldsPlace } = await client.call<Data>(caller, leasePlaceOperation, { input });
      return leasedLines(leaseHoldsPlace);
    },

    /** Frees what the lease still holds. */
    async release(caller: Caller, input: { leaseId: string }): Promise<void> {
      type Data = { leaseHoldsRelease: Member };
      const { leaseHoldsRelease } = await client.call<Data>(caller, leaseReleaseOperation, {
        input,
      });
      const { __typename } = leaseHoldsRelease;
      if (__typename !== 'LeaseHoldsReleaseSuccess')
        throw new Error(`inventory answered leaseHoldsRelease with ${__typename}`);
    },
  };
}

function leasedLines(member: Member): LeasedLine[] | LeaseRefusal {
  const { __typename, code, message, ...data } = member;
  switch (__typename) {
    case 'LeaseHoldsPlaceSuccess':
      return data['holds'] as LeasedLine[];
    case 'HoldBatchRefused':
      return saleLinesRefused(data['reasons'] as SaleLineRefusal[]);
    case 'InvalidInput':
    case 'IdempotencyKeyReused':
      return refuse(__typename, code!, message!, data) as LeaseRefusal;
    default:
      throw new Error(`inventory answered leaseHoldsPlace with ${__typename}`);
  }
}
