import type { SerialUnitChanged } from '@onecount/events';

export type Certificate = NonNullable<SerialUnitChanged['certificate']>;
export type UnitStatus = SerialUnitChanged['status'];

/** A unit as far as events have said, with the product it belongs to. */
export type KnownUnit = {
  id: string;
  sku: string;
  serial: string | null;
  stockNumber: string | null;
  status: UnitStatus;
  certificate: Certificate | null;
  attributes: { key: string; value: string }[];
  photos: string[];
  receivedAt: Date;
  variantId: string | null;
  /** Null while the product's event is still on its way, or when the stock item belongs to no variant. */
  product: KnownProduct | null;
};

export type KnownProduct = {
  fullTitle: string;
  barcode: string | null;
  vendor: string | null;
  category: string | null;
  productType: string | null;
};

/** How a caller names a unit: by its id, or by SKU and serial value (or stock number). */
export type UnitReference = { serialUnitId: string } | { sku: string; serial: string };

export function textOfReference(reference: UnitReference): string {
  if ('serialUnitId' in reference) return reference.serialUnitId;
  return `${reference.sku} ${reference.serial}`;
}

/** Whether a passport can be issued from it: nothing it needs is still in flight. */
export function isComplete(unit: KnownUnit): boolean {
  return unit.variantId === null || unit.product !== null;
}
