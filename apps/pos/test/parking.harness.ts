import { randomUUID } from 'node:crypto';
import type { Pos, Result } from './pos.harness.ts';

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
  const mutation = (name: string) => {
    const typename = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation($input: ${typename}!) { ${name}(input: $input) { __typename ${common} ${fragments[name]} } }`;
    return async (input: object, caller: Caller = {}): Promise<Result> => {
      const variables = { input: { idempotencyKey: randomUUID(), ...input } };
      const { data, errors } = await pos.graphql(query, variables, { ...cashier, ...caller });
      if (!data?.[name]) throw new Error(JSON.stringify(errors));
      return data[name] as Result;
    };
  };
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
