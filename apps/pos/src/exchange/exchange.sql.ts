import { exactlyOne, sql, type Tx } from '@onecount/db';
import type { ExchangeDocument } from './exchange.ts';

export type Exchange = {
  saleId: string;
  returnedSaleId: string;
  returnId: string;
  document: ExchangeDocument;
};

const insertStatement = sql(
  'pos.exchange-insert',
  `INSERT INTO sale_exchange (tenant_id, sale_id, returned_sale_id, return_id, document) VALUES ($1, $2, $3, $4, $5)`,
);
const markStatement = sql(
  'pos.exchange-mark-sale',
  'UPDATE sale SET exchange_of = $3 WHERE tenant_id = $1 AND id = $2',
);

/** With the intent of its sale. */
export async function insertExchange(tx: Tx, exchange: Exchange): Promise<void> {
  const { saleId, returnedSaleId, returnId, document } = exchange;
  const values = [tx.tenantId, saleId, returnedSaleId, returnId, JSON.stringify(document)];
  await tx.query(insertStatement, values);
  await tx.query(markStatement, [tx.tenantId, saleId, returnedSaleId]);
}

const bySaleStatement = sql(
  'pos.exchange-by-sale',
  `SELECT sale_id AS "saleId", returned_sale_id AS "returnedSaleId", return_id AS "returnId", document
     FROM sale_exchange WHERE tenant_id = $1 AND sale_id = $2`,
);

/** Of a sale that is one. */
export async function exchangeOf(tx: Tx, saleId: string): Promise<Exchange> {
  return exactlyOne(await tx.query<Exchange>(bySaleStatement, [tx.tenantId, saleId]));
}

export type ExchangeLink = { saleId: string; returnId: string };

const linksStatement = sql(
  'pos.exchange-links',
  `SELECT sale_id AS "saleId", return_id AS "returnId" FROM sale_exchange
    WHERE tenant_id = $1 AND (sale_id = ANY ($2) OR return_id = ANY ($2))`,
);

/** By either id. */
export function exchangeLinks(tx: Tx, ids: readonly string[]): Promise<ExchangeLink[]> {
  return tx.query<ExchangeLink>(linksStatement, [tx.tenantId, ids]);
}
