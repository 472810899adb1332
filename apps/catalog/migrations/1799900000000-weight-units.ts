import { migration } from '@onecount/db';

/** A weight is kept in grams; this is how the merchant wrote it and wants to see it. */
export const WeightUnits1799900000000 = migration(
  'WeightUnits1799900000000',
  `
ALTER TABLE variant
  ADD COLUMN weight_unit text NOT NULL DEFAULT 'GRAM',
  ADD CONSTRAINT variant_weight_unit_known CHECK (weight_unit IN ('GRAM', 'KILOGRAM', 'OUNCE', 'POUND'));`,
);
