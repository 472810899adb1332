import type { Database } from '@onecount/db';
import { listByOwner } from '../request.loaders.ts';
import { selectCodesOfItems, selectCodesOfUnits } from './stock-code.sql.ts';

export type StockCodeLoaders = ReturnType<typeof stockCodeLoaders>;

export function stockCodeLoaders(db: Database) {
  return {
    codesOfItem: listByOwner(db, 'codes-of-item', selectCodesOfItems, (row) => row.stockItemId),
    codesOfUnit: listByOwner(db, 'codes-of-unit', selectCodesOfUnits, (row) => row.serialUnitId),
  };
}
