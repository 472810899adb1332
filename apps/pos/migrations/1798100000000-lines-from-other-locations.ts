import { migration } from '@onecount/db';

/**
 * Where a line asked its stock from. A claim that comes after its hold has ended asks the same again, whoever drives it; what
 * is sold stands in location_id.
 */
export const LinesFromOtherLocations1798100000000 = migration(
  'LinesFromOtherLocations1798100000000',
  `
ALTER TABLE sale_line ADD COLUMN fulfil_from text NOT NULL DEFAULT 'SALE_LOCATION'
  CONSTRAINT sale_line_fulfil_from_known CHECK (fulfil_from IN ('SALE_LOCATION', 'LINE_LOCATION', 'ANY_LOCATION'));`,
);
