import { sql, type Tx } from '@onecount/db';
import type { ProductChanged, SerialUnitChanged } from '@onecount/events';
import type { KnownProduct, KnownUnit, UnitReference } from './known-unit.ts';

type UnitRow = Omit<KnownUnit, 'product'> & Record<keyof KnownProduct, string | null>;

const unitColumns = `
  SELECT u.id, u.sku, u.serial, u.stock_number AS "stockNumber", u.status, u.certificate,
         u.attributes, u.photos, u.received_at AS "receivedAt", u.variant_id AS "variantId",
         v.full_title AS "fullTitle", v.barcode, p.vendor, p.category, p.product_type AS "productType"
  FROM known_unit u
  LEFT JOIN known_variant v ON v.tenant_id = u.tenant_id AND v.id = u.variant_id
  LEFT JOIN known_product p ON p.tenant_id = u.tenant_id AND p.id = v.product_id`;

const unitById = sql('known-unit.by-id', `${unitColumns} WHERE u.tenant_id = $1 AND u.id = $2`);

// A one-of-a-kind piece often has a stock number and no serial value. The serial value wins where
// one unit's stock number is another's serial.
const unitBySerial = sql(
  'known-unit.by-serial',
  `${unitColumns}
   WHERE u.tenant_id = $1 AND u.sku = $2 AND (u.serial = $3 OR u.stock_number = $3)
   ORDER BY (u.serial = $3) DESC NULLS LAST, u.id LIMIT 1`,
);

export async function findUnit(tx: Tx, reference: UnitReference): Promise<KnownUnit | undefined> {
  const rows =
    'serialUnitId' in reference
      ? await tx.query<UnitRow>(unitById, [tx.tenantId, reference.serialUnitId])
      : await tx.query<UnitRow>(unitBySerial, [tx.tenantId, reference.sku, reference.serial]);
  return rows[0] && unitOf(rows[0]);
}

function unitOf(row: UnitRow): KnownUnit {
  const { fullTitle, barcode, vendor, category, productType, ...unit } = row;
  const product = fullTitle === null ? null : { fullTitle, barcode, vendor, category, productType };
  return { ...unit, product };
}

const saveUnitStatement = sql(
  'known-unit.save',
  `INSERT INTO known_unit AS k
     (tenant_id, id, version, variant_id, sku, serial, stock_number, status, certificate, attributes, photos, received_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
   ON CONFLICT ON CONSTRAINT known_unit_pkey DO UPDATE SET
     version = excluded.version, variant_id = excluded.variant_id, sku = excluded.sku,
     serial = excluded.serial, stock_number = excluded.stock_number, status = excluded.status,
     certificate = excluded.certificate, attributes = excluded.attributes,
     photos = excluded.photos, received_at = excluded.received_at
   WHERE k.version < excluded.version`,
);

/** Newest version wins; a stale one changes nothing. */
export async function saveUnit(tx: Tx, unit: SerialUnitChanged): Promise<void> {
  await tx.query(saveUnitStatement, [
    tx.tenantId,
    unit.serialUnitId,
    unit.version,
    unit.variantId ?? null,
    unit.sku,
    unit.serial ?? null,
    unit.stockNumber ?? null,
    unit.status,
    unit.certificate ? JSON.stringify(unit.certificate) : null,
    JSON.stringify(unit.attributes),
    JSON.stringify(unit.photos),
    unit.receivedAt,
  ]);
}

const saveProductStatement = sql(
  'known-product.save',
  `INSERT INTO known_product AS k (tenant_id, id, version, title, vendor, category, product_type)
   VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT ON CONSTRAINT known_product_pkey DO UPDATE SET
     version = excluded.version, title = excluded.title, vendor = excluded.vendor,
     category = excluded.category, product_type = excluded.product_type
   WHERE k.version < excluded.version
   RETURNING id`,
);

// A variant that left its product keeps its row: the units that were received under it still need a name.
const saveVariantsStatement = sql(
  'known-variant.save',
  `INSERT INTO known_variant (tenant_id, id, product_id, full_title, barcode)
   SELECT $1, v.id, $2, v.full_title, v.barcode
   FROM unnest($3::uuid[], $4::text[], $5::text[]) AS v(id, full_title, barcode)
   ORDER BY v.id
   ON CONFLICT ON CONSTRAINT known_variant_pkey DO UPDATE SET
     product_id = excluded.product_id, full_title = excluded.full_title, barcode = excluded.barcode`,
);

/** Newest version wins, for the product and its variants together. */
export async function saveProduct(tx: Tx, product: ProductChanged): Promise<void> {
  const { productId, version, title, vendor, category, productType, variants } = product;
  const newer = await tx.query(saveProductStatement, [
    ...[tx.tenantId, productId, version, title],
    ...[vendor ?? null, category ?? null, productType ?? null],
  ]);
  if (newer.length === 0) return;
  await tx.query(saveVariantsStatement, [
    tx.tenantId,
    productId,
    variants.map((variant) => variant.variantId),
    variants.map((variant) => variant.fullTitle),
    variants.map((variant) => variant.barcode ?? null),
  ]);
}
