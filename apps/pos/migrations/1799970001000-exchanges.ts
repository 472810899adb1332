import { migration, tenantTable } from '@onecount/db';

/**
 * Goods that come back and pay, in part or whole, for what goes out instead. `document` is the return as it was decided with
 * the intent of the new sale; it becomes one in the transaction that commits that sale, and none if its stock is refused
 * (ADR 0365). Meanwhile what comes back is counted in the sale it comes from, so that nobody else takes it back.
 */
export const Exchanges1799970001000 = migration(
  'Exchanges1799970001000',
  `
ALTER TABLE sale ADD COLUMN exchange_of uuid;
ALTER TABLE sale_tender
  DROP CONSTRAINT sale_tender_kind_known,
  ADD CONSTRAINT sale_tender_kind_known
    CHECK (kind IN ('CASH', 'CARD', 'BANK_TRANSFER', 'GIFT_CARD', 'STORE_CREDIT', 'EXCHANGE'));

CREATE TABLE sale_exchange (
  tenant_id        uuid NOT NULL,
  sale_id          uuid NOT NULL,
  returned_sale_id uuid NOT NULL,
  return_id        uuid NOT NULL,
  document         jsonb NOT NULL,
  CONSTRAINT sale_exchange_pkey PRIMARY KEY (tenant_id, sale_id),
  CONSTRAINT sale_exchange_return_key UNIQUE (tenant_id, return_id),
  CONSTRAINT sale_exchange_sale_fkey FOREIGN KEY (tenant_id, sale_id) REFERENCES sale (tenant_id, id),
  CONSTRAINT sale_exchange_returned_sale_fkey FOREIGN KEY (tenant_id, returned_sale_id) REFERENCES sale (tenant_id, id)
);
CREATE INDEX sale_exchange_by_returned_sale_idx ON sale_exchange (tenant_id, returned_sale_id);
${tenantTable('sale_exchange', { appendOnly: true })}`,
);
