import { migration } from '@onecount/db';

/** What a sale's goods became after it: few rows, looked up by the sale. */
export const IndexSaleCorrections1795200000023 = migration(
  'IndexSaleCorrections1795200000023',
  `
CREATE INDEX movement_after_sale ON movement (tenant_id, reference_id, stock_item_id)
  WHERE reason IN ('SALE_CORRECTION', 'RETURN') AND reference_kind = 'SALE';
`,
);
