import { exactlyOne, sql, type Database } from '@onecount/db';
import type { Refusal } from '@onecount/refusal';
import type { SaleLineRefusal } from './sale.errors.ts';
import type { ClaimReason, Sale, SaleLine, SaleStatus, SoldUnit, Tender } from './sale.ts';
import type { PriceEntry } from '../price/price.ts';
import type { FixedTax } from '../tax/sale-tax.ts';

// One round trip each, of a function that stands beside this file under its name, with its reasons: it
// sets the tenant, claims the idempotency key, changes what it has to change under guard, and returns
// what the answer needs. Order of locks, the same in every function: key, sale, lines, shift, receipt
// series. A step of a checkout (docs/sale.md) that finds the sale in another state than it expects
// changes nothing and says what it found: the caller, a concurrent twin and the sweeper may all run it.

/** What one of several lines was answered; a line that was refused is no part of the sale. */
export type LineAnswer = { index: number; line?: SaleLine; refusal?: SaleLineRefusal };
export type KeyRecord = {
  operation: string;
  inputHash: string;
  /** Of a success, or of a refusal. */
  response: {
    saleId?: string;
    line?: SaleLine;
    /** Of the sale since it has that line. */
    version?: number;
    answers?: LineAnswer[];
    lost?: string[];
    refusal?: Refusal;
  };
};
export type KeyUse = { tenantId: string; key: string; hash: string };
export type Step<Outcome extends string> = {
  outcome: Outcome;
  record?: KeyRecord;
  sale?: Sale | null;
};

const prepareStatement = sql(
  'pos.sale-line-prepare',
  'SELECT sale_line_prepare($1, $2, $3, $4) AS result',
);
const addStatement = sql('pos.sale-line-add', 'SELECT sale_line_add($1, $2, $3, $4, $5) AS result');
const linesPrepareStatement = sql(
  'pos.sale-lines-prepare',
  'SELECT sale_lines_prepare($1, $2, $3, $4) AS result',
);
const linesAddStatement = sql(
  'pos.sale-lines-add',
  'SELECT sale_lines_add($1, $2, $3, $4, $5, $6, $7) AS result',
);
const removeStatement = sql(
  'pos.sale-line-remove',
  'SELECT sale_line_remove($1, $2, $3, $4, $5) AS result',
);
const updateStatement = sql(
  'pos.sale-line-update',
  'SELECT sale_line_update($1, $2, $3, $4, $5, $6) AS result',
);
const renewedStatement = sql(
  'pos.sale-lines-renewed',
  'SELECT sale_lines_renewed($1, $2, $3) AS result',
);
const holdsRenewedStatement = sql(
  'pos.sale-holds-renewed',
  'SELECT sale_holds_renewed($1, $2, $3, $4, $5, $6) AS result',
);
const checkoutReadStatement = sql(
  'pos.sale-checkout-read',
  'SELECT sale_checkout_read($1, $2, $3) AS result',
);
const intentStatement = sql(
  'pos.sale-intent',
  'SELECT sale_intent($1, $2, $3, $4, $5, $6, $7, $8, $9) AS result',
);
const taxedIntentStatement = sql(
  'pos.sale-intent-taxed',
  'SELECT sale_intent_taxed($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS result',
);
const commitStatement = sql('pos.sale-commit', 'SELECT sale_commit($1, $2, $3, $4) AS result');
const voidStatement = sql(
  'pos.sale-void',
  'SELECT sale_void($1, $2, $3, $4, $5, $6, $7, $8, $9) AS result',
);
const idleVoidStatement = sql(
  'pos.sale-end-idle',
  'SELECT sale_end_idle($1, $2, $3, $4, $5, $6) AS result',
);
const releasedStatement = sql(
  'pos.sale-release-confirmed',
  'SELECT sale_release_confirmed($1, $2) AS result',
);
const byIdStatement = sql('pos.sale-by-id', 'SELECT sale_by_id($1, $2) AS result');
const byKeyStatement = sql('pos.sale-by-key', 'SELECT sale_by_key($1, $2) AS result');

type Statement = Parameters<Database['statement']>[0];

/** What a function answers that is the whole of a statement: `SELECT f(…) AS result`. */
export async function resultOf<T>(
  db: Pick<Database, 'statement'>,
  statement: Statement,
  values: unknown[],
): Promise<T> {
  return exactlyOne(await db.statement<{ result: T }>(statement, values)).result;
}

export type LinePreparation = {
  record: KeyRecord | null;
  sale: Sale | null;
  price: PriceEntry | null;
};

export function readForLine(
  db: Database,
  { tenantId, key, saleId, sku }: { tenantId: string; key: string; saleId: string; sku?: string },
) {
  const values = [tenantId, key, saleId, sku ?? null];
  return resultOf<LinePreparation>(db, prepareStatement, values);
}

export function insertLine(db: Database, use: KeyUse, saleId: string, line: SaleLine) {
  const values = [use.tenantId, use.key, use.hash, saleId, JSON.stringify(line)];
  return resultOf<Step<'ADDED' | 'KEY_USED' | 'NOT_OPEN'>>(db, addStatement, values);
}

export type LinesPreparation = {
  record: KeyRecord | null;
  sale: Sale | null;
  /** By SKU; one that POS does not know is not there. */
  prices: Record<string, PriceEntry>;
};

export function readForLines(
  db: Database,
  {
    tenantId,
    key,
    saleId,
    skus,
  }: { tenantId: string; key: string; saleId: string; skus: string[] },
) {
  return resultOf<LinesPreparation>(db, linesPrepareStatement, [tenantId, key, saleId, skus]);
}

export function insertLines(
  db: Database,
  use: KeyUse,
  added: { saleId: string; lines: SaleLine[]; answers: LineAnswer[]; linesMax: number },
) {
  const { saleId, lines, answers, linesMax } = added;
  type Outcome = 'ADDED' | 'KEY_USED' | 'NOT_OPEN' | 'TOO_MANY';
  return resultOf<Step<Outcome>>(db, linesAddStatement, [
    ...[use.tenantId, use.key, use.hash, saleId],
    ...[JSON.stringify(lines), JSON.stringify(answers), linesMax],
  ]);
}

export function deleteLine(db: Database, use: KeyUse, sale: { id: string; lineId: string }) {
  const values = [use.tenantId, use.key, use.hash, sale.id, sale.lineId];
  type Outcome = 'REMOVED' | 'KEY_USED' | 'NOT_OPEN' | 'LINE_UNKNOWN';
  return resultOf<Step<Outcome>>(db, removeStatement, values);
}

/** `sale` as it was when the line was decided. */
export function storeUpdate(
  db: Database,
  use: KeyUse,
  { sale, line }: { sale: Sale; line: SaleLine },
) {
  const values = [use.tenantId, use.key, use.hash, sale.id, sale.version, JSON.stringify(line)];
  return resultOf<Step<'UPDATED' | 'KEY_USED' | 'CHANGED'>>(db, updateStatement, values);
}

export type RenewedHold = { lineId: string; expiresAt: string };

export function updateHeldUntil(db: Database, ref: SaleRef, holds: RenewedHold[]) {
  return resultOf<null>(db, renewedStatement, [ref.tenantId, ref.saleId, JSON.stringify(holds)]);
}

export function storeRenewal(
  db: Database,
  use: KeyUse,
  { saleId, holds, lost }: { saleId: string; holds: RenewedHold[]; lost: string[] },
) {
  return resultOf<Step<'RENEWED' | 'KEY_USED' | 'NOT_OPEN'>>(db, holdsRenewedStatement, [
    ...[use.tenantId, use.key, use.hash, saleId],
    ...[JSON.stringify(holds), JSON.stringify(lost)],
  ]);
}

export type CheckoutReading = { record: KeyRecord | null; sale: Sale | null };

export function readForCheckout(
  db: Database,
  { tenantId, key, saleId }: { tenantId: string; key: string; saleId: string },
) {
  return resultOf<CheckoutReading>(db, checkoutReadStatement, [tenantId, key, saleId]);
}

export type Intent = {
  saleId: string;
  version: number;
  tenders: Tender[];
  changeMinor: number;
  /** Null: nothing is taxed or rounded. */
  tax: FixedTax | null;
  customerId: string | null;
  settleSeconds: number;
};

type IntentOutcome =
  | 'PENDING'
  | 'KEY_USED'
  | 'CHANGED'
  | 'REGISTER_CLOSED'
  | 'BELOW_MINIMUM'
  | 'PROMOTION_REFUSED'
  | 'CUSTOMER_UNKNOWN'
  | 'CUSTOMER_ERASED';

export function moveToPending(db: Pick<Database, 'statement'>, use: KeyUse, intent: Intent) {
  const tenders = intent.tenders.map((tender, position) => ({ position, ...tender }));
  const values = [
    use.tenantId,
    use.key,
    use.hash,
    intent.saleId,
    intent.version,
    JSON.stringify(tenders),
    intent.changeMinor,
    intent.settleSeconds,
    intent.customerId,
  ];
  return intent.tax
    ? resultOf<IntentOutcome>(db, taxedIntentStatement, [...values, JSON.stringify(intent.tax)])
    : resultOf<IntentOutcome>(db, intentStatement, values);
}

/** What inventory gave to a line. */
export type ClaimedLine = {
  lineId: string;
  stockItemId: string;
  serialUnitId?: string | null;
  serial?: string | null;
  locationId?: string | null;
  /** Of a line of several pieces. */
  units?: SoldUnit[];
};
export type SaleRef = { tenantId: string; saleId: string };

export type Committing = { claimed: ClaimedLine[]; traceparent: string | null };

export function moveToCommitted(
  db: Pick<Database, 'statement'>,
  ref: SaleRef,
  { claimed, traceparent }: Committing,
) {
  const values = [ref.tenantId, ref.saleId, JSON.stringify(claimed), traceparent];
  return resultOf<Step<'COMMITTED' | 'NOT_PENDING'>>(db, commitStatement, values);
}

export type Voiding = {
  from: Extract<SaleStatus, 'OPEN' | 'PENDING'>;
  reason: string;
  refusalReasons?: ClaimReason[];
  keyUse?: KeyUse;
  settleSeconds: number;
  traceparent: string | null;
};

export function moveToVoided(db: Pick<Database, 'statement'>, ref: SaleRef, voiding: Voiding) {
  const { keyUse, refusalReasons } = voiding;
  type Outcome = 'VOIDED' | 'ALREADY_VOIDED' | 'KEY_USED' | 'OTHER_STATE';
  return resultOf<Step<Outcome>>(db, voidStatement, [
    ref.tenantId,
    ref.saleId,
    voiding.from,
    voiding.reason,
    refusalReasons ? JSON.stringify(refusalReasons) : null,
    keyUse?.key ?? null,
    keyUse?.hash ?? null,
    voiding.settleSeconds,
    voiding.traceparent,
  ]);
}

export type IdleVoiding = Pick<Voiding, 'reason' | 'settleSeconds' | 'traceparent'> & {
  idleSeconds: number;
};

export function voidIdle(db: Database, ref: SaleRef, voiding: IdleVoiding) {
  const { idleSeconds, reason, settleSeconds, traceparent } = voiding;
  const values = [ref.tenantId, ref.saleId, idleSeconds, reason, settleSeconds, traceparent];
  return resultOf<Step<'VOIDED'> | null>(db, idleVoidStatement, values);
}

export function confirmRelease(db: Database, ref: SaleRef) {
  return resultOf<boolean>(db, releasedStatement, [ref.tenantId, ref.saleId]);
}

export function readSale(db: Database, ref: SaleRef) {
  return resultOf<Sale | null>(db, byIdStatement, [ref.tenantId, ref.saleId]);
}

export function readSaleByKey(db: Database, { tenantId, key }: { tenantId: string; key: string }) {
  return resultOf<Sale | null>(db, byKeyStatement, [tenantId, key]);
}
