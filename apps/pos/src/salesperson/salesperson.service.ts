import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import { checkKey, isUuid, notFound } from '@onecount/refusal';
import type { SaleSalespersonSetInput } from '../generated/resolver-types.ts';
import type { Caller } from '../sale/idempotency.ts';
import { saleNotOpen } from '../sale/sale.errors.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { checkSalesperson, mayNameSalesperson } from './salesperson.ts';

export function createSalespersonService({ db }: { db: Database }) {
  return {
    async set(caller: Caller, input: SaleSalespersonSetInput) {
      const { saleId, lineId, idempotencyKey } = input;
      const invalid = checkKey(idempotencyKey) ?? checkSalesperson(input.salesperson);
      if (invalid) return invalid;
      if (!isUuid(saleId)) return notFound('Sale', saleId);
      if (lineId && !isUuid(lineId)) return notFound('SaleLine', lineId);
      return db.command(
        caller,
        { operation: 'saleSalespersonSet', input },
        (tx) => set(tx, caller, input),
        async (tx) => ({
          __typename: 'SaleSalespersonSetSuccess' as const,
          sale: exactlyOne(await salesByIds(tx, [saleId])),
        }),
      );
    },
  };
}

async function set(
  tx: Tx,
  caller: Caller,
  { saleId, lineId, salesperson }: SaleSalespersonSetInput,
) {
  const sale = await lockSale(tx, saleId);
  if (!sale) return notFound('Sale', saleId);
  const isManager = caller.scopes?.has('register:manage') ?? false;
  if (!mayNameSalesperson(sale, { isManager })) return saleNotOpen(sale);
  const name = salesperson ?? null;
  if (!lineId) await storeOfSale(tx, saleId, name);
  else if (!(await storeOfLine(tx, { saleId, lineId }, name))) return notFound('SaleLine', lineId);
  return { saleId };
}

// The version stays: nothing that a payment was decided on changes, and of a committed sale it is the event's sequence.
const ofSaleStatement = sql(
  'pos.sale-salesperson-set',
  'UPDATE sale SET salesperson = $3 WHERE tenant_id = $1 AND id = $2 RETURNING id',
);

async function storeOfSale(tx: Tx, saleId: string, name: string | null): Promise<void> {
  exactlyOne(await tx.query(ofSaleStatement, [tx.tenantId, saleId, name]));
}

const ofLineStatement = sql(
  'pos.sale-line-salesperson-set',
  'UPDATE sale_line SET salesperson = $4 WHERE tenant_id = $1 AND sale_id = $2 AND id = $3 RETURNING id',
);

async function storeOfLine(
  tx: Tx,
  { saleId, lineId }: { saleId: string; lineId: string },
  name: string | null,
): Promise<boolean> {
  return (await tx.query(ofLineStatement, [tx.tenantId, saleId, lineId, name])).length === 1;
}
