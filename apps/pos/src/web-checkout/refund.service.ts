import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import { checkKey, isUuid, notFound, refuse } from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import type { Caller } from '../sale/idempotency.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { isOwedBack, type Sale } from '../sale/sale.ts';

export type SaleRefundSettleInput = { saleId: string; reference: string; idempotencyKey: string };
export type RefundService = ReturnType<typeof createRefundService>;

export function createRefundService({ db }: { db: Database }) {
  return {
    settle: (caller: Caller, input: SaleRefundSettleInput) => settle(db, caller, input),
  };
}

async function settle(db: Database, caller: Caller, input: SaleRefundSettleInput) {
  const { saleId } = input;
  const reference = input.reference.trim();
  const invalid =
    checkKey(input.idempotencyKey) ?? checkFreeText('reference', reference, { min: 1, max: 255 });
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  return db.command(
    caller,
    { operation: 'saleRefundSettle', input },
    async (tx) => {
      const sale = await lockSale(tx, saleId);
      if (!sale) return notFound('Sale', saleId);
      if (!isOwedBack(sale) || sale.refund) return refundNotDue(sale);
      exactlyOne(await tx.query(settleStatement, [tx.tenantId, saleId, reference, caller.subject]));
      return { saleId };
    },
    async (tx) => ({
      __typename: 'SaleRefundSettleSuccess' as const,
      sale: exactlyOne(await salesByIds(tx, [saleId])),
    }),
  );
}

const settleStatement = sql(
  'pos.sale-refund-settle',
  `UPDATE sale SET version = version + 1, refund = jsonb_build_object('reference', $3::text, 'settledBy', $4::text,
          'settledAt', clock_timestamp())
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

function refundNotDue(sale: Sale) {
  const message = sale.refund
    ? `The refund was settled before, by ${sale.refund.reference}.`
    : 'Nothing is owed back for this sale.';
  return refuse('RefundNotDue', 'REFUND_NOT_DUE', message, { sale });
}

/** Void sales that owe what was paid, the longest first; from its index alone. */
export function refundsDue(
  tx: Tx,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<{ sale: Sale; voidedAt: string }[]> {
  const [voidedAt, id] = after ?? ['-infinity', '00000000-0000-0000-0000-000000000000'];
  return tx.query(dueStatement, [tx.tenantId, voidedAt, id, limit]);
}

const dueStatement = sql(
  'pos.sale-refunds-due',
  `SELECT sale_view(s) AS sale, s.voided_at::text AS "voidedAt" FROM sale s
    WHERE s.tenant_id = $1 AND s.status = 'VOIDED' AND (s.payment_due_at IS NOT NULL OR s.lease_id IS NOT NULL) AND s.commit_key IS NOT NULL
      AND s.refund IS NULL AND NOT s.lay_by AND (s.voided_at, s.id) > ($2::timestamptz, $3::uuid)
    ORDER BY s.voided_at, s.id LIMIT $4`,
);
