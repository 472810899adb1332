import { codeKey, foldedIdentifier } from '@onecount/refusal';
import type { TakenCodes } from '../product/product.save.ts';

type Named = { sku: string | null; barcode: string | null };
/** Keys of SKUs and barcodes. */
export type CodeKeys = { skus: Set<string>; barcodes: Set<string> };
export type ImportCodes = ReturnType<typeof createImportCodes>;

/**
 * Which SKUs and barcodes are not free for a product of a batch: those that stand in the database, those that a dry
 * run has given away before, and those of the products before it in the batch.
 */
export function createImportCodes(stored: CodeKeys, claimed: CodeKeys | undefined) {
  const given: CodeKeys = { skus: new Set(), barcodes: new Set() };
  const codes: TakenCodes = {
    hasSku(sku) {
      const key = foldedIdentifier(sku);
      return stored.skus.has(key) || given.skus.has(key) || claimed?.skus.has(key) === true;
    },
    hasBarcode(barcode) {
      const key = codeKey(barcode);
      return (
        stored.barcodes.has(key) || given.barcodes.has(key) || claimed?.barcodes.has(key) === true
      );
    },
  };
  return {
    ...codes,
    given,
    give({ sku, barcode }: Named): void {
      if (sku !== null) given.skus.add(foldedIdentifier(sku));
      if (barcode !== null) given.barcodes.add(codeKey(barcode));
    },
    /** A variant has another barcode from now on. */
    release(barcode: string): void {
      stored.barcodes.delete(codeKey(barcode));
      given.barcodes.delete(codeKey(barcode));
    },
  };
}
