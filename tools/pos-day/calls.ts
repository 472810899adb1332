import { randomUUID } from 'node:crypto';
import type { GraphqlClient, Outcome } from '@onecount/testing';

// What a shop's day asks of the gateway, and how much of the answers it needs.

const money = 'amount currencyCode';
const sale = `sale { id status total { ${money} } lines { id sku quantity } }`;
const back = `saleReturn { id total { ${money} } refunds { kind amount { ${money} } } }`;
const totals = `count total { ${money} }`;

const selections = {
  registerOpen: 'register { id }',
  cashMovementAdd: 'movement { id }',
  saleOpen: sale,
  saleCommit: sale,
  saleRecord: sale,
  saleCheckout: sale,
  saleVoid: sale,
  saleReturn: back,
  salePostVoid: back,
  registerClose: `shift { difference { ${money} } zReport {
    tenders { kind expected { ${money} } difference { ${money} } }
    figures { sales { ${totals} } returns { ${totals} } postVoids { ${totals} } refunds { kind ${totals} }
      tenders { kind net { ${money} } } } } }`,
} as const;
export type CallName = keyof typeof selections;
export type Call = (name: CallName, input: Record<string, unknown>) => Promise<Outcome>;

/** Each call has its own key, is asked again while its outcome is not known, and throws unless it succeeds. */
export function createCalls(client: GraphqlClient): Call {
  return async (name, input) => {
    const typename = name[0]!.toUpperCase() + name.slice(1);
    const query = `mutation ($input: ${typename}Input!) { result: ${name}(input: $input) {
      __typename ... on UserError { code message } ... on ${typename}Success { ${selections[name]} } } }`;
    const variables = { input: { idempotencyKey: randomUUID(), ...input } };
    for (;;) {
      const { result } = await client.data<{ result: Outcome }>(query, variables);
      if (result.__typename === `${typename}Success`) return result;
      if (result.code !== 'SALE_PENDING' && result.code !== 'SHIFT_HAS_PENDING_SALES')
        throw new Error(`${name}: ${JSON.stringify(result)}`);
    }
  };
}
