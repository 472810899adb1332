import { newestWins, sql, type Tx } from '@onecount/db';
import { identifierOf } from '@onecount/refusal';
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
   WHERE u.tenant_id = $1 AND u.sku_key = identifier_key($2) AND (u.serial = $3 OR u.stock_number_key = identifier_key($3))
   ORDER BY (u.serial = $3) DESC NULLS LAST, u.id LIMIT 1`,
);

export async function findUnit(tx: Tx, reference: UnitReference): Promise<KnownUnit | undefined> {
  const rows =
    'serialUnitId' in reference
      ? await tx.query<UnitRow>(unitById, [tx.tenantId, reference.serialUnitId])
      : await tx.query<UnitRow>(unitBySerial, [
          tx.tenantId,
          reference.sku,
          identifierOf(reference.serial),
        ]);
  return rows[0] && unitOf(rows[0]);
}

function unitOf(row: UnitRow): KnownUnit {
  const { fullTitle, barcode, vendor, category, productType, ...unit } = row;
  const product = fullTitle === null ? null : { fullTitle, barcode, vendor, category, productType };
  return { ...unit, product };
}

const writeUnit = newestWins({
  name: 'known-unit.save',
  table: 'known_unit',
  key: ['id'],
  columns: [
    ...(['variant_id', 'sku', 'serial', 'stock_number', 'status'] as const),
    ...(['certificate', 'attributes', 'photos', 'received_at'] as const),
  ],
});

/** A stale version changes nothing. */
export async function saveUnit(tx: Tx, unit: SerialUnitChanged): Promise<void> {
  await writeUnit(tx, {
    id: unit.serialUnitId,
    version: unit.version,
    variant_id: unit.variantId ?? null,
    sku: unit.sku,
    serial: unit.serial ?? null,
    stock_number: unit.stockNumber ?? null,
    status: unit.status,
    certificate: unit.certificate ? JSON.stringify(unit.certificate) : null,
    attributes: JSON.stringify(unit.attributes),
    photos: JSON.stringify(unit.photos),
    received_at: unit.receivedAt,
  });
}

const writeProduct = newestWins({
  name: 'known-product.save',
  table: 'known_product',
  key: ['id'],
  columns: ['title', 'vendor', 'category', 'product_type'],
});

// A variant that moved is named by the newer version of its products, whichever event comes first (ADR 0243).
// A variant that left its product keeps its row: the units that were received under it still need a name.
const saveVariantsStatement = sql(
  'known-variant.save',
  `INSERT INTO known_variant AS known (tenant_id, id, product_id, full_title, barcode, product_version)
   SELECT $1, v.id, $2, v.full_title, v.barcode, $6
   FROM unnest($3::uuid[], $4::text[], $5::text[]) AS v(id, full_title, barcode)
   ORDER BY v.id
   ON CONFLICT ON CONSTRAINT known_variant_pkey DO UPDATE SET
     product_id = excluded.product_id, full_title = excluded.full_title, barcode = excluded.barcode,
     product_version = excluded.product_version
   WHERE excluded.product_version >= known.product_version`,
);

/** Newest version wins, for the product and its variants together. */
export async function saveProduct(tx: Tx, product: ProductChanged): Promise<void> {
  const { productId, version, title, vendor, category, productType, variants } = product;
  const isNewer = await writeProduct(tx, {
    ...{ id: productId, version, title },
    ...{ vendor: vendor ?? null, category: category ?? null, product_type: productType ?? null },
  });
  if (!isNewer) return;
  await tx.query(saveVariantsStatement, [
    tx.tenantId,
    productId,
    variants.map((variant) => variant.variantId),
    variants.map((variant) => variant.fullTitle),
    variants.map((variant) => variant.barcode ?? null),
    version,
  ]);
}
