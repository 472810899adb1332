import { migration } from '@onecount/db';

/**
 * What a line comes to is said by the database and nowhere else (ADR 0350): whoever sums, returns or prints reads the
 * column, so that a discount is in all of them or in none. A process of the release before writes no discount.
 */
export const ALineHasATotal1799950000000 = migration(
  'ALineHasATotal1799950000000',
  `
ALTER TABLE sale_line
  ADD COLUMN discount_minor bigint NOT NULL DEFAULT 0
    CONSTRAINT sale_line_discount_positive CHECK (discount_minor >= 0),
  ADD COLUMN total_minor bigint NOT NULL GENERATED ALWAYS AS (quantity * unit_price_minor - discount_minor) STORED
    CONSTRAINT sale_line_total_positive CHECK (total_minor >= 0);`,
);
