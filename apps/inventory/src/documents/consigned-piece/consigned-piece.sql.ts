import { sql, type Tx } from '@onecount/db';
import { foldedIdentifier, identifierOf, isStorable } from '@onecount/refusal';
import { selectUnitByName, type SerialUnitRow } from '../../kernel/serial-unit/serial-unit.sql.ts';

type Item = {
  stockItemId: string;
  sku: string;
  title: string;
  tracking: 'NONE' | 'QUANTITY' | 'SERIAL';
};
export type NamedPiece = Item & {
  serialUnitId: string | null;
  serial: string | null;
  status: SerialUnitRow['status'] | null;
  locationId: string | null;
};

const itemStatement = sql(
  'inventory.consigned-piece-item',
  'SELECT id AS "stockItemId", sku, title, tracking FROM stock_item WHERE tenant_id = $1 AND sku_key = $2',
);

/** The item, with the unit that is named; null when there is none. */
export async function pieceNamed(
  tx: Tx,
  sku: string,
  serial: string | null,
): Promise<NamedPiece | null> {
  if (!isStorable(sku) || !isStorable(serial ?? '')) return null;
  const [item] = await tx.query<Item>(itemStatement, [tx.tenantId, foldedIdentifier(sku)]);
  if (!item) return null;
  const nobody = { serialUnitId: null, serial: null, status: null, locationId: null };
  if (serial === null) return { ...item, ...nobody };
  const unit = await selectUnitByName(tx, { sku: item.sku, serial: identifierOf(serial) });
  if (!unit) return null;
  const { id: serialUnitId, status, locationId } = unit;
  return { ...item, serialUnitId, serial: unit.serial ?? unit.stockNumber, status, locationId };
}
