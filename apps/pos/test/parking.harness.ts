import { mutationsOver, type Pos } from './pos.harness.ts';

// Parking as the gateway asks for it.

const cashier = { scopes: ['sale:write', 'sale:read'], subject: 'anna' };
export const parkedSale = `id status name register { id } location { id } total { amount } parking { since by heldUntil }
  lines { id sku heldUntil location { id } }`;

const stateOf = '... on SaleNotOpen { sale { id status } }';
const fragments: Record<string, string> = {
  saleRename: `... on SaleRenameSuccess { sale { ${parkedSale} } } ${stateOf}`,
  salePark: `... on SaleParkSuccess { sale { ${parkedSale} } } ${stateOf}`,
  saleResume: `... on SaleResumeSuccess { sale { ${parkedSale} } lost { id sku } } ${stateOf}
    ... on SaleNotParked { register { id name } sale { id status } } ... on RegisterClosed { registerId }`,
  saleMove: `... on SaleMoveSuccess { sale { ${parkedSale} } } ${stateOf} ... on RegisterClosed { registerId }`,
};
const common = `... on UserError { code message } ... on InvalidInput { field value } ... on NotFound { kind id }`;

type Caller = { scopes?: string[]; subject?: string; tenantId?: string };

export function parkingOf(pos: Pick<Pos, 'graphql'>) {
  const ask = mutationsOver(pos, { fragments, common });
  const mutation =
    (name: string) =>
    (input: object, caller: Caller = {}) =>
      ask(name)({ ...input }, { ...cashier, ...caller });
  return {
    rename: mutation('saleRename'),
    park: mutation('salePark'),
    resume: mutation('saleResume'),
    move: mutation('saleMove'),
    async parked(args: string, caller: Caller = {}) {
      const query = `{ parkedSales(${args}) { nodes { ${parkedSale} } edges { cursor } pageInfo { hasNextPage endCursor } } }`;
      return pos.graphql(query, {}, { ...cashier, ...caller });
    },
  };
}
