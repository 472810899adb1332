import { exactlyOne, sql, type Tx } from '@onecount/db';
import { maskedNumber } from './stored-value.ts';

// The version rises: a checkout that was decided on the basket before decides again. It is the line's place as well.
const saleStatement = sql(
  'pos.gift-card-line-sale',
  `UPDATE sale SET version = version + 1, active_at = clock_timestamp(), total_minor = total_minor + $3
    WHERE tenant_id = $1 AND id = $2 RETURNING version`,
);
const lineStatement = sql(
  'pos.gift-card-line-insert',
  `INSERT INTO sale_line (tenant_id, sale_id, id, position, sku, title, tracking, fulfil_from, quantity, unit_price_minor,
                          gift_card_id)
   VALUES ($1, $2, $3, $4, 'GIFT-CARD', $5, 'NONE', 'SALE_LOCATION', 1, $6, $7)`,
);

/** Of a sale that is locked. */
export async function insertGiftCardLine(
  tx: Tx,
  line: Record<'saleId' | 'lineId' | 'giftCardId' | 'number', string> & { amountMinor: number },
): Promise<void> {
  const { saleId, lineId, giftCardId, number, amountMinor } = line;
  const rows = await tx.query<{ version: number }>(saleStatement, [
    tx.tenantId,
    saleId,
    amountMinor,
  ]);
  const title = `Gift card ${maskedNumber({ kind: 'GIFT_CARD', number })}`;
  await tx.query(lineStatement, [
    ...[tx.tenantId, saleId, lineId, exactlyOne(rows).version, title, amountMinor, giftCardId],
  ]);
}
