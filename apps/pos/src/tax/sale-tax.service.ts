import { exactlyOne, sql, type Database, type Tx } from '@onecount/db';
import type { Money } from '@onecount/money';
import {
  checkKey,
  firstOf,
  isGiven,
  isRefusal,
  isUuid,
  notFound,
  type Refusal,
} from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import type { Caller } from '../sale/idempotency.ts';
import { currencyMismatch, saleNotOpen } from '../sale/sale.errors.ts';
import { amountOf } from '../sale/sale.input.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import type { Sale } from '../sale/sale.ts';

type SaleTaxExemptInput = { saleId: string; reference?: string | null; idempotencyKey: string };
type SaleLineMarginSetInput = {
  saleId: string;
  lineId: string;
  purchaseCost?: Money | null;
  idempotencyKey: string;
};
export type SaleTaxService = ReturnType<typeof createSaleTaxService>;

/** What of an open basket is taxed otherwise than the rules say. */
export function createSaleTaxService({ db }: { db: Database }) {
  return {
    exempt: (caller: Caller, input: SaleTaxExemptInput) => exempt(db, caller, input),
    setMargin: (caller: Caller, input: SaleLineMarginSetInput) => setMargin(db, caller, input),
  };
}

async function exempt(db: Database, caller: Caller, input: SaleTaxExemptInput) {
  const reference = input.reference?.trim() ?? null;
  const limits = { min: 1, max: 100 };
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    checkFreeText('reference', reference, limits),
  );
  if (invalid) return invalid;
  const asked = { operation: 'saleTaxExempt', success: 'SaleTaxExemptSuccess' } as const;
  return changeBasket<'SaleTaxExemptSuccess', never>(db, caller, { ...asked, input }, (tx) =>
    change(tx, exemptStatement, [input.saleId, reference]),
  );
}

async function setMargin(db: Database, caller: Caller, input: SaleLineMarginSetInput) {
  const { lineId, purchaseCost } = input;
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(lineId)) return notFound('SaleLine', lineId);
  const cost = isGiven(purchaseCost) ? amountOf('purchaseCost.amount', purchaseCost) : undefined;
  if (cost && !cost.ok) return cost.refusal;
  const asked = { operation: 'saleLineMarginSet', success: 'SaleLineMarginSetSuccess' } as const;
  return changeBasket(db, caller, { ...asked, input }, async (tx, { id, lines, currencyCode }) => {
    if (!lines.some((line) => line.id === lineId.toLowerCase()))
      return notFound('SaleLine', lineId);
    if (isGiven(purchaseCost) && purchaseCost.currencyCode !== currencyCode)
      return currencyMismatch({ expected: currencyCode, actual: purchaseCost.currencyCode });
    return change(tx, marginStatement, [id, lineId, cost?.minor ?? null]);
  });
}

type Asked<Name extends string> = {
  operation: string;
  success: Name;
  input: { saleId: string; idempotencyKey: string };
};

/** A change of an open basket under its lock. */
async function changeBasket<Name extends string, Refused extends Refusal = never>(
  db: Database,
  caller: Caller,
  { operation, success, input }: Asked<Name>,
  run: (tx: Tx, sale: Sale) => Promise<Refused | void>,
) {
  const { saleId } = input;
  if (!isUuid(saleId)) return notFound('Sale', saleId);
  return db.command(
    caller,
    { operation, input },
    async (tx) => {
      const sale = await lockSale(tx, saleId);
      if (!sale) return notFound('Sale', saleId);
      if (sale.status !== 'OPEN') return saleNotOpen(sale);
      const refused = await run(tx, sale);
      if (isRefusal(refused)) return refused;
      exactlyOne(await tx.query(versionStatement, [tx.tenantId, saleId]));
      return { saleId };
    },
    async (tx) => ({
      __typename: success,
      sale: exactlyOne(await salesByIds(tx, [saleId])),
    }),
  );
}

// The version rises: a checkout that was decided on the basket before decides again.
const versionStatement = sql(
  'pos.sale-tax-version',
  `UPDATE sale SET version = version + 1, active_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
const exemptStatement = sql(
  'pos.sale-tax-exempt',
  'UPDATE sale SET tax_exemption = $3 WHERE tenant_id = $1 AND id = $2 RETURNING id',
);
const marginStatement = sql(
  'pos.sale-line-margin',
  `UPDATE sale_line SET purchase_cost_minor = $4 WHERE tenant_id = $1 AND sale_id = $2 AND id = $3 RETURNING id`,
);

async function change(
  tx: Tx,
  statement: typeof exemptStatement,
  values: readonly unknown[],
): Promise<void> {
  exactlyOne(await tx.query(statement, [tx.tenantId, ...values]));
}
