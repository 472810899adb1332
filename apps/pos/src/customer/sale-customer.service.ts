import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import { checkKey, isUuid, notFound } from '@onecount/refusal';
import type { Caller } from '../sale/idempotency.ts';
import { saleNotOpen } from '../sale/sale.errors.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { customerErased } from './customer.errors.ts';
import { customersByIds } from './customer.sql.ts';

export type SaleCustomerSetInput = {
  saleId: string;
  customerId?: string | null;
  idempotencyKey: string;
};
export type SaleCustomerService = ReturnType<typeof createSaleCustomerService>;

export function createSaleCustomerService({ db }: { db: Database }) {
  return {
    set: (caller: Caller, input: SaleCustomerSetInput) => setCustomer(db, caller, input),
  };
}

async function setCustomer(db: Database, caller: Caller, input: SaleCustomerSetInput) {
  const { saleId, idempotencyKey } = input;
  const customerId = input.customerId ?? null;
  const invalid = checkKey(idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  if (customerId && !isUuid(customerId)) return notFound('Customer', customerId);
  return db.command(
    caller,
    { operation: 'saleCustomerSet', input },
    async (tx) => {
      const sale = await lockSale(tx, saleId);
      if (!sale) return notFound('Sale', saleId);
      if (sale.status !== 'OPEN') return saleNotOpen(sale);
      const [customer] = customerId ? await customersByIds(tx, [customerId]) : [];
      if (customerId && !customer) return notFound('Customer', customerId);
      if (customer && !customer.profile) return customerErased(customer.askedId);
      await storeCustomer(tx, saleId, customerId);
      return { saleId };
    },
    async (tx) => ({
      __typename: 'SaleCustomerSetSuccess' as const,
      sale: exactlyOne(await salesByIds(tx, [saleId])),
    }),
  );
}

// The version rises: a checkout that was decided on the basket before decides again.
const storeStatement = sql(
  'pos.sale-customer-set',
  `UPDATE sale SET customer_id = $3, version = version + 1, active_at = clock_timestamp()
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

async function storeCustomer(tx: Tx, saleId: string, customerId: string | null): Promise<void> {
  exactlyOne(await tx.query(storeStatement, [tx.tenantId, saleId, customerId]));
}
