import { sql, type Tx } from '@onecount/db';
import type { Connection } from '@onecount/graphql';
import type { TenderInput } from '../sale/sale.input.ts';
import { codeHashOf, codeOf } from './code.ts';
import type {
  StoredValue,
  StoredValueEntry,
  StoredValueKind,
  StoredValueStatus,
} from './stored-value.ts';

export type StoredValuePage = Connection<StoredValue>;
export type StoredValueEntryPage = Connection<StoredValueEntry>;

const columns = `v.id, v.kind, v.currency_code AS "currencyCode", v.number, v.customer_id AS "customerId",
  v.balance_minor AS "balanceMinor", stored_value_status(v) AS status, v.active_at AS "activeAt", v.expires_at AS "expiresAt",
  v.block_reason AS "blockReason", v.replaced_by AS "replacedBy", v.issued_by AS "issuedBy", v.issued_at AS "issuedAt",
  v.issued_at::text AS position`;

const byIdsStatement = sql(
  'pos.stored-value-by-ids',
  `SELECT ${columns} FROM stored_value v WHERE v.tenant_id = $1 AND v.id = ANY ($2)`,
);

export function storedValuesByIds(tx: Tx, ids: readonly string[]): Promise<StoredValue[]> {
  return tx.query<StoredValue>(byIdsStatement, [tx.tenantId, ids]);
}

const lockStatement = sql(
  'pos.stored-value-lock',
  'SELECT id FROM stored_value WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
);

/** Read after the lock: a statement that has waited sees it as it was before. */
export async function lockStoredValue(tx: Tx, id: string): Promise<StoredValue | undefined> {
  const locked = await tx.query(lockStatement, [tx.tenantId, id]);
  return locked.length > 0 ? (await storedValuesByIds(tx, [id]))[0] : undefined;
}

const byCodeStatement = sql(
  'pos.stored-value-by-code',
  `SELECT ${columns} FROM stored_value v WHERE v.tenant_id = $1 AND v.code_hash = $2`,
);

/** By the whole code, as people type it. */
export async function cardByCode(tx: Tx, text: string): Promise<StoredValue | null> {
  const code = codeOf(text);
  if (code === null) return null;
  const rows = await tx.query<StoredValue>(byCodeStatement, [tx.tenantId, codeHashOf(code)]);
  return rows[0] ?? null;
}

const byNumberStatement = sql(
  'pos.stored-value-by-number',
  `SELECT ${columns} FROM stored_value v WHERE v.tenant_id = $1 AND v.kind = 'STORE_CREDIT' AND v.number = $2`,
);

export async function creditByNumber(tx: Tx, text: string): Promise<StoredValue | null> {
  const values = [tx.tenantId, text.trim().toUpperCase()];
  return (await tx.query<StoredValue>(byNumberStatement, values))[0] ?? null;
}

// An id of a customer who was merged means all ids of that one.
const ofCustomerStatement = sql(
  'pos.stored-value-of-customer',
  `SELECT ${columns} FROM stored_value v
     JOIN customer c ON c.tenant_id = v.tenant_id AND c.id = v.customer_id
    WHERE v.tenant_id = $1 AND coalesce(c.merged_into, c.id) =
          (SELECT coalesce(a.merged_into, a.id) FROM customer a WHERE a.tenant_id = $1 AND a.id = $2)
    ORDER BY v.balance_minor DESC, v.id`,
);

/** The fullest first; of people who were merged there may be several in one currency. */
export function creditsOf(tx: Tx, customerId: string): Promise<StoredValue[]> {
  return tx.query<StoredValue>(ofCustomerStatement, [tx.tenantId, customerId]);
}

/** What a tender is taken from; null where there is no such card or credit. */
export async function namedValue(tx: Tx, tender: TenderInput): Promise<StoredValue | null> {
  const { giftCardCode, storeCreditNumber, creditCustomerId, amount } = tender;
  if (giftCardCode) return cardByCode(tx, giftCardCode);
  if (storeCreditNumber) return creditByNumber(tx, storeCreditNumber);
  const credits = await creditsOf(tx, creditCustomerId!);
  return credits.find(({ currencyCode }) => currencyCode === amount.currencyCode) ?? null;
}

export type StoredValueFilter = {
  kind?: StoredValueKind | null;
  status?: StoredValueStatus | null;
  customerId?: string | null;
  lastFour?: string | null;
};

const pageStatement = sql(
  'pos.stored-value-page',
  `SELECT ${columns} FROM stored_value v
    WHERE v.tenant_id = $1 AND ($3::text IS NULL OR v.kind = $3) AND ($4::text IS NULL OR stored_value_status(v) = $4)
      AND ($5::uuid IS NULL OR v.customer_id = $5) AND ($6::text IS NULL OR (v.kind = 'GIFT_CARD' AND v.number = $6))
      AND ($7::timestamptz IS NULL OR (v.issued_at, v.id) < ($7, $8::uuid))
    ORDER BY v.issued_at DESC, v.id DESC LIMIT $2`,
);

/** Newest first. */
export function storedValuePage(
  tx: Tx,
  { kind, status, customerId, lastFour }: StoredValueFilter,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<StoredValue[]> {
  const [position = null, id = null] = after ?? [];
  const asked = [kind ?? null, status ?? null, customerId ?? null, lastFour ?? null];
  return tx.query<StoredValue>(pageStatement, [tx.tenantId, limit, ...asked, position, id]);
}

const entriesStatement = sql(
  'pos.stored-value-entries',
  `SELECT e.number, e.kind, e.amount_minor AS "amountMinor", e.balance_minor AS "balanceMinor", v.currency_code AS "currencyCode",
          e.sale_id AS "saleId", e.return_id AS "returnId", e.other_id AS "otherId", e.reason,
          e.recorded_by AS "recordedBy", e.recorded_at AS "recordedAt"
     FROM stored_value_entry e JOIN stored_value v ON v.tenant_id = e.tenant_id AND v.id = e.stored_value_id
    WHERE e.tenant_id = $1 AND e.stored_value_id = $2 AND ($4::integer IS NULL OR e.number < $4)
    ORDER BY e.number DESC LIMIT $3`,
);

/** Newest first. */
export function entryPage(
  tx: Tx,
  storedValueId: string,
  { after, limit }: { after: string[] | undefined; limit: number },
): Promise<StoredValueEntry[]> {
  const [number = null] = after ?? [];
  return tx.query<StoredValueEntry>(entriesStatement, [tx.tenantId, storedValueId, limit, number]);
}
