import { migration } from '@onecount/db';

/**
 * What a line would have cost by the price book, in which version of it, and who sold it at another price and why (ADR 0353).
 */
export const ListPrices1799950003000 = migration(
  'ListPrices1799950003000',
  `
ALTER TABLE sale_line
  ADD COLUMN list_price_minor bigint,
  ADD COLUMN list_price_version integer,
  ADD COLUMN price_reason text CONSTRAINT sale_line_price_reason_length CHECK (length(price_reason) BETWEEN 1 AND 255),
  ADD COLUMN price_given_by text;
ALTER TABLE discount_setting ADD COLUMN own_price text NOT NULL DEFAULT 'ANYBODY'
  CONSTRAINT discount_setting_own_price_known CHECK (own_price IN ('ANYBODY', 'WITH_REASON', 'WITH_REASON_AND_SCOPE'));`,
);
