import { sql, type Database, type Tx } from '@onecount/db';
import type { HeldItem, HoldOutcome } from '../hold/hold.ts';
import type { TakeRefused } from './sale.errors.ts';
import type { HoldTake, TargetedRequest } from './sale-hold.target.ts';

export type ClaimLine = {
  lineId: string;
  /** Null: the item with this SKU, and its unit with this serial value or stock number. */
  stockItemId: string | null;
  sku: string;
  quantity: number;
  serialUnitId: string | null;
  serial?: string | null;
  locationId: string | null;
  anyLocation?: boolean;
};
export type ClaimedUnit = {
  serialUnitId: string;
  serial: string | null;
  stockNumber: string | null;
};
export type ClaimedLine = {
  lineId: string;
  stockItemId: string;
  sku: string;
  locationId: string | null;
  locationCode: string | null;
  /** Missing in a claim that an earlier release answered. */
  quantity?: number;
  /** Fewer than the quantity where a serial item's units are registered in part. */
  units: ClaimedUnit[];
};
export type ClaimReason = {
  lineId: string;
  sku: string;
  title?: string;
  requested: number;
  available: number;
  /** With INSUFFICIENT. */
  availableInAll?: number;
  outcome: 'NO_SUCH_ITEM' | 'NO_SUCH_UNIT' | 'UNIT_TAKEN' | 'UNIT_ELSEWHERE' | 'INSUFFICIENT';
  locationCode?: string | null;
  serial?: string | null;
  stockNumber?: string | null;
  unitStatus?: string;
  heldBy?: string | null;
  heldUntil?: string | null;
};
export type ClaimOutcome =
  | { outcome: 'CLAIMED'; lines: ClaimedLine[] }
  | { outcome: 'REFUSED'; reasons: ClaimReason[] }
  | { outcome: 'RELEASED' };

type Answer<T> = { answer: T };

const claimStatement = sql(
  'inventory.sale-claim',
  `SELECT coalesce(sale_claim_counted($1, $2, $3, $4, $5), sale_claim($1, $2, $3, $4, $5)) AS answer`,
);

// For lines that know only names: found before the claim takes its locks, which then decides as ever.
const namedClaimStatement = sql(
  'inventory.sale-claim-named',
  `SELECT coalesce(sale_claim_counted($1, $2, $3, $4, $5),
     sale_claim($1, $2, sale_lines_resolve($1, $3), $4, $5)) AS answer`,
);

const leasedClaimStatement = sql(
  'inventory.sale-claim-leased',
  'SELECT sale_claim_leased($1, $2, $3, $4, $5, $6) AS answer',
);

export async function claimSale(
  db: Database,
  sale: {
    tenantId: string;
    saleId: string;
    lines: ClaimLine[];
    subject: string;
    channel: string | null;
    leaseId: string | null;
  },
): Promise<ClaimOutcome> {
  const values = [
    sale.tenantId,
    sale.saleId,
    JSON.stringify(sale.lines),
    sale.subject,
    sale.channel,
  ];
  const isNamed = sale.lines.some(({ stockItemId }) => stockItemId === null);
  const [statement, ...lease] = sale.leaseId
    ? [leasedClaimStatement, sale.leaseId]
    : [isNamed ? namedClaimStatement : claimStatement];
  const [row] = await db.statement<Answer<ClaimOutcome>>(statement, [...values, ...lease]);
  return withAskedSerials(row!.answer, sale.lines);
}

// A unit that is not there has no serial of its own: the refusal names the one that was asked for.
function withAskedSerials(claim: ClaimOutcome, lines: readonly ClaimLine[]): ClaimOutcome {
  if (claim.outcome !== 'REFUSED') return claim;
  const asked = new Map(lines.map(({ lineId, serial }) => [lineId, serial]));
  const reasons = claim.reasons.map((reason) =>
    reason.outcome === 'NO_SUCH_UNIT' ? { ...reason, serial: asked.get(reason.lineId) } : reason,
  );
  return { ...claim, reasons };
}

const holdsPlaceStatement = sql(
  'inventory.sale-holds-place',
  'SELECT sale_holds_place($1, $2, $3) AS answer',
);

export type SaleHoldDecision = (HoldOutcome | TakeRefused) & { item: HeldItem | null };

/** Holds for several lines of one sale in one statement, in the order of the requests: all, or nothing is written. */
export async function placeSaleHolds(
  db: Database,
  sale: {
    tenantId: string;
    saleId: string;
    requests: readonly (TargetedRequest | HoldTake)[];
  },
): Promise<SaleHoldDecision[]> {
  const requests = sale.requests.map((asked) =>
    'holdId' in asked ? asked : { ...asked.request, sku: asked.sku },
  );
  const values = [sale.tenantId, sale.saleId, JSON.stringify(requests)];
  const [row] = await db.statement<Answer<SaleHoldDecision[]>>(holdsPlaceStatement, values);
  return row!.answer;
}

const resizeStatement = sql(
  'inventory.sale-hold-resize',
  'SELECT sale_hold_resize($1, $2) AS answer',
);

export type SaleHoldResize = { version: number; isWritten: boolean };

export async function resizeSaleHold(
  db: Database,
  tenantId: string,
  { sku, request, ...resize }: TargetedRequest & SaleHoldResize,
): Promise<SaleHoldDecision | { outcome: 'OUTDATED' }> {
  const values = [tenantId, JSON.stringify({ ...request, sku, ...resize })];
  type Decision = SaleHoldDecision | { outcome: 'OUTDATED' };
  const [row] = await db.statement<Answer<Decision>>(resizeStatement, values);
  return row!.answer;
}

const releaseStatement = sql('inventory.sale-release', 'SELECT sale_release($1, $2) AS answer');

export type SaleReleaseOutcome = { outcome: 'RELEASED'; released: number } | { outcome: 'APPLIED' };

/** By itself in one autocommitted statement (`db.statement`), or inside a transaction (`tx.query`). */
export async function releaseSale(
  run: Database['statement'],
  sale: { tenantId: string; saleId: string },
): Promise<SaleReleaseOutcome> {
  const values = [sale.tenantId, sale.saleId];
  const [row] = await run<Answer<SaleReleaseOutcome>>(releaseStatement, values);
  return row!.answer;
}

const lineReleaseStatement = sql(
  'inventory.sale-line-release',
  'SELECT sale_line_release($1, $2, $3) AS answer',
);
const lineGiveBackStatement = sql(
  'inventory.sale-line-give-back',
  'SELECT sale_line_give_back($1, $2, $3) AS answer',
);

type SaleLineRef = { tenantId: string; saleId: string; lineId: string };
type LineReleaseOutcome = { outcome: 'RELEASED'; released: number } | { outcome: 'SALE_CLOSED' };

const lineRelease =
  (statement: Parameters<Database['statement']>[0]) =>
  async (db: Database, line: SaleLineRef): Promise<LineReleaseOutcome> => {
    const values = [line.tenantId, line.saleId, line.lineId];
    const [row] = await db.statement<Answer<LineReleaseOutcome>>(statement, values);
    return row!.answer;
  };

export const releaseSaleLine = lineRelease(lineReleaseStatement);
/** The same, but that a hold which the line had taken over becomes again what it was. */
export const giveBackSaleLine = lineRelease(lineGiveBackStatement);

const renewStatement = sql(
  'inventory.sale-holds-renew',
  'SELECT sale_holds_renew($1, $2, $3) AS answer',
);

export type RenewedHold = { holdId: string; lineId: string; expiresAt: string };

export async function renewSaleHolds(
  db: Database,
  sale: { tenantId: string; saleId: string; holdSeconds: number },
): Promise<RenewedHold[]> {
  const values = [sale.tenantId, sale.saleId, sale.holdSeconds];
  const [row] = await db.statement<Answer<{ holds: RenewedHold[] }>>(renewStatement, values);
  return row!.answer.holds;
}

export type CommittedSale = {
  saleId: string;
  /** Read only where no claim is on record. */
  lines: ClaimLine[];
  actor: string;
  channel: string;
  at: string;
  traceparent: string | null;
};

const applyStatement = sql(
  'inventory.sale-apply',
  'SELECT sale_apply($1, $2, $3, $4, $5, $6, $7) AS answer',
);

export type ApplyOutcome =
  | { outcome: 'APPLIED'; movements: number }
  | { outcome: 'ALREADY' }
  | { outcome: 'RELEASED' }
  | { outcome: 'REFUSED'; reasons: ClaimReason[] };

/** Inside the inbox's transaction. */
export async function applySale(tx: Tx, sale: CommittedSale): Promise<ApplyOutcome> {
  const [row] = await tx.query<Answer<ApplyOutcome>>(applyStatement, [
    tx.tenantId,
    sale.saleId,
    JSON.stringify(sale.lines),
    sale.actor,
    sale.channel,
    sale.at,
    sale.traceparent,
  ]);
  return row!.answer;
}

const applyAllStatement = sql(
  'inventory.sales-apply',
  'SELECT sales_apply($1, $2, $3, $4, $5, false) AS movements',
);

/** The same for claims of several sales in one statement. False: nothing was done, each must be applied by itself. */
export async function applySales(
  tx: Tx,
  { sales, actor }: { sales: readonly CommittedSale[]; actor: string },
): Promise<boolean> {
  const [row] = await tx.query<{ movements: number | null }>(applyAllStatement, [
    tx.tenantId,
    sales.map(({ saleId }) => saleId),
    sales.map(({ at }) => at),
    sales.map(({ traceparent }) => traceparent),
    actor,
  ]);
  return row!.movements !== null;
}

const lockSalesStatement = sql('inventory.sales-lock', 'SELECT sales_lock($1, $2)');

/**
 * What several sales lock as they are applied, for all of them in key order. A sale without a claim locks
 * its levels when it is applied.
 */
export async function lockSales(tx: Tx, saleIds: readonly string[]): Promise<void> {
  await tx.query(lockSalesStatement, [tx.tenantId, saleIds]);
}
