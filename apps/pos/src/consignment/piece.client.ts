import type { ServiceClient } from '@onecount/graphql';
import type { Caller } from '../sale/idempotency.ts';
import type { Tracking } from '../sale/sale.ts';

// Checked against inventory's SDL by test/neighbours.unit.spec.ts.

export const pieceNamedOperation = {
  name: 'PosPieceNamed',
  query: `query PosPieceNamed($sku: String!, $serial: String) {
  pieceNamed(sku: $sku, serial: $serial) { stockItemId sku title tracking serialUnitId serial status locationId }
}`,
};
export const pieceLeaveOperation = {
  name: 'PosConsignedPieceLeave',
  query: `mutation PosConsignedPieceLeave($input: ConsignedPieceLeaveInput!) {
  consignedPieceLeave(input: $input) { outcome message }
}`,
};

export type NamedPiece = {
  stockItemId: string;
  sku: string;
  title: string;
  tracking: Tracking;
  serialUnitId: string | null;
  serial: string | null;
  status: string | null;
  locationId: string | null;
};
export type PieceLeaving = {
  consignmentReturnId: string;
  sku: string;
  serialUnitId: string | null;
  locationId: string;
  quantity: number;
};
export type PieceLeft = { outcome: 'LEFT' | 'NOT_COUNTED' | 'STAYS'; message: string | null };
export type PieceClient = ReturnType<typeof createPieceClient>;

/** What POS asks of inventory about single pieces. Throws ServiceCallError. */
export function createPieceClient(client: ServiceClient) {
  return {
    async named(caller: Caller, of: { sku: string; serial: string | null }) {
      type Data = { pieceNamed: NamedPiece | null };
      return (await client.call<Data>(caller, pieceNamedOperation, of)).pieceNamed;
    },
    async leave(caller: Caller, input: PieceLeaving): Promise<PieceLeft> {
      type Data = { consignedPieceLeave: PieceLeft };
      return (await client.call<Data>(caller, pieceLeaveOperation, { input })).consignedPieceLeave;
    },
  };
}
