import { exactlyOne, sql, uuidv7, type Tx } from '@onecount/db';
import { codeHashOf, lastFourOf, newCode, newCreditNumber } from './code.ts';
import type { StoredValueEntryKind } from './stored-value.ts';

const cardStatement = sql(
  'pos.gift-card-insert',
  `INSERT INTO stored_value (tenant_id, id, kind, currency_code, number, code_hash, active_at, expires_at, issued_by)
   VALUES ($1, $2, 'GIFT_CARD', $3, $4, $5, CASE WHEN $6 THEN clock_timestamp() END, $7, $8)`,
);

/** A new card with nothing on it; its code is told by whoever asked and kept nowhere. */
export async function insertCard(
  tx: Tx,
  card: { currencyCode: string; isActive: boolean; issuedBy: string; expiresAt?: Date | null },
): Promise<{ id: string; code: string }> {
  const [id, code] = [uuidv7(), newCode()];
  const { currencyCode, isActive, issuedBy, expiresAt = null } = card;
  await tx.query(cardStatement, [
    ...[tx.tenantId, id, currencyCode, lastFourOf(code), codeHashOf(code)],
    ...[isActive, expiresAt, issuedBy],
  ]);
  return { id, code };
}

// Not DO UPDATE: that would lock it here, before others that are locked in the order of their ids.
const creditStatement = sql(
  'pos.store-credit-ensure',
  `INSERT INTO stored_value (tenant_id, id, kind, currency_code, number, customer_id, active_at, issued_by)
   VALUES ($1, $2, 'STORE_CREDIT', $3, $4, $5, clock_timestamp(), $6)
   ON CONFLICT (tenant_id, customer_id, currency_code) WHERE customer_id IS NOT NULL DO NOTHING`,
);
const creditIdStatement = sql(
  'pos.store-credit-id',
  `SELECT id FROM stored_value WHERE tenant_id = $1 AND customer_id = $2 AND currency_code = $3 AND kind = 'STORE_CREDIT'`,
);

/** The store credit of a customer in a currency, made where there is none. */
export async function ensureCredit(
  tx: Tx,
  {
    customerId,
    currencyCode,
    issuedBy,
  }: Record<'customerId' | 'currencyCode' | 'issuedBy', string>,
): Promise<string> {
  const values = [uuidv7(), currencyCode, newCreditNumber(), customerId, issuedBy];
  await tx.query(creditStatement, [tx.tenantId, ...values]);
  const named = [tx.tenantId, customerId, currencyCode];
  return exactlyOne(await tx.query<{ id: string }>(creditIdStatement, named)).id;
}

const moveStatement = sql(
  'pos.stored-value-move',
  'SELECT stored_value_move($1, $2, $3, $4, $5) AS balance',
);

export type Movement = {
  storedValueId: string;
  kind: StoredValueEntryKind;
  amountMinor: number;
  of: {
    saleId?: string;
    lineId?: string;
    returnId?: string;
    otherId?: string;
    reason?: string;
    recordedBy: string;
  };
};

/** Changes a balance with its entry in the ledger; a CHECK refuses what is not covered. */
export async function moveValue(tx: Tx, movement: Movement): Promise<void> {
  const { storedValueId, kind, amountMinor, of } = movement;
  const values = [tx.tenantId, storedValueId, kind, amountMinor, JSON.stringify(of)];
  exactlyOne(await tx.query(moveStatement, values));
}

const blockStatement = sql(
  'pos.stored-value-block',
  `UPDATE stored_value SET blocked_at = CASE WHEN $3::text IS NULL THEN NULL ELSE coalesce(blocked_at, clock_timestamp()) END,
          block_reason = $3
    WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** Null frees it. */
export async function setBlock(tx: Tx, id: string, reason: string | null): Promise<void> {
  exactlyOne(await tx.query(blockStatement, [tx.tenantId, id, reason]));
}

// What was replaced by the old card before is replaced by the new one: a successor is never more than one step away.
const replaceStatement = sql(
  'pos.gift-card-replace',
  'UPDATE stored_value SET replaced_by = $3 WHERE tenant_id = $1 AND (id = $2 OR replaced_by = $2)',
);

export async function setSuccessor(tx: Tx, id: string, successorId: string): Promise<void> {
  await tx.query(replaceStatement, [tx.tenantId, id, successorId]);
}

export type Settings = {
  giftCardMonths: number | null;
  storeCreditMonths: number | null;
  setBy: string | null;
};

const settingsStatement = sql(
  'pos.stored-value-settings',
  `SELECT gift_card_months AS "giftCardMonths", store_credit_months AS "storeCreditMonths", set_by AS "setBy"
     FROM stored_value_setting WHERE tenant_id = $1 ORDER BY set_at DESC LIMIT 1`,
);

export async function settingsNow(tx: Tx): Promise<Settings> {
  const [settings] = await tx.query<Settings>(settingsStatement, [tx.tenantId]);
  return settings ?? { giftCardMonths: null, storeCreditMonths: null, setBy: null };
}

const setStatement = sql(
  'pos.stored-value-settings-set',
  `INSERT INTO stored_value_setting (tenant_id, id, gift_card_months, store_credit_months, set_by)
   VALUES ($1, $2, $3, $4, $5)`,
);

export async function insertSettings(tx: Tx, settings: Settings): Promise<void> {
  const { giftCardMonths, storeCreditMonths, setBy } = settings;
  const values = [uuidv7(), giftCardMonths, storeCreditMonths, setBy];
  await tx.query(setStatement, [tx.tenantId, ...values]);
}

const attemptsStatement = sql(
  'pos.gift-card-attempts',
  `SELECT coalesce(sum(attempts), 0)::int AS attempts FROM gift_card_attempt
    WHERE tenant_id = $1 AND minute = date_trunc('minute', clock_timestamp())`,
);
const attemptStatement = sql(
  'pos.gift-card-attempt',
  `INSERT INTO gift_card_attempt AS a (tenant_id, minute, attempts) VALUES ($1, date_trunc('minute', clock_timestamp()), 1)
   ON CONFLICT ON CONSTRAINT gift_card_attempt_pkey DO UPDATE SET attempts = a.attempts + 1`,
);
const forgetStatement = sql(
  'pos.gift-card-attempts-forget',
  `DELETE FROM gift_card_attempt WHERE tenant_id = $1 AND minute < clock_timestamp() - interval '1 hour'`,
);

/** Codes of this minute that nothing has. */
export async function attemptsNow(tx: Tx): Promise<number> {
  return exactlyOne(await tx.query<{ attempts: number }>(attemptsStatement, [tx.tenantId]))
    .attempts;
}

export async function countAttempt(tx: Tx): Promise<void> {
  await tx.query(attemptStatement, [tx.tenantId]);
  await tx.query(forgetStatement, [tx.tenantId]);
}
