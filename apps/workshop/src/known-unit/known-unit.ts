/** A unit as far as its events have said. */
export type KnownUnit = { id: string; sku: string };

/** How a caller names a unit: by its id, or by SKU and serial value (or stock number). */
export type UnitReference = { serialUnitId: string } | { sku: string; serial: string };

export function textOfReference(reference: UnitReference): string {
  if ('serialUnitId' in reference) return reference.serialUnitId;
  return `${reference.sku} ${reference.serial}`;
}
