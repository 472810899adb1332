import { exactlyOne, type Database, type EntityTx, type KeyHolder } from '@onecount/db';
import { invalidInput, isRefusal, notFound } from '@onecount/refusal';
import type { VariantBarcodesGenerateInput } from '../generated/resolver-types.ts';
import { publishChange } from '../product/product.events.ts';
import { textRefusal } from '../product/product.input.ts';
import { lockAt } from '../product/product.lock.ts';
import { productsById } from '../product/product.sql.ts';
import { retryingTaken } from '../product/taken.ts';
import { giveInternalBarcodes } from './internal-barcode.sql.ts';
import { allVariantsOf } from './variant.sql.ts';

export type InternalBarcodeService = ReturnType<typeof createInternalBarcodeService>;

export function createInternalBarcodeService({ db }: { db: Database }) {
  return {
    async generate(caller: KeyHolder, input: VariantBarcodesGenerateInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      return retryingTaken(() =>
        db.entityCommand(
          caller,
          { operation: 'variantBarcodesGenerate', input },
          (tx) => generate(tx, input),
          async (tx, { barcodesGenerated }) => ({
            __typename: 'VariantBarcodesGenerateSuccess' as const,
            barcodesGenerated,
            product: exactlyOne(await productsById(tx, false, [input.productId])),
          }),
        ),
      );
    },
  };
}

/** Refusals in this order: unknown product, version, a variant that is not its, one that has a code. */
async function generate(tx: EntityTx, input: VariantBarcodesGenerateInput) {
  const { productId, productVersion, variantIds } = input;
  const product = await lockAt(tx, productId, productVersion);
  if (isRefusal(product)) return product;
  const rows = new Map((await allVariantsOf(tx, [productId])).map((row) => [row.id, row] as const));
  for (const [index, id] of (variantIds ?? []).entries()) {
    const row = rows.get(id.toLowerCase());
    if (row === undefined) return notFound('Variant', id);
    if (row.barcode !== null) {
      const message = `Variant ${row.sku} has the code ${row.barcode} already.`;
      return invalidInput(`variantIds.${index}`, message, id);
    }
  }
  const named = variantIds?.map((id) => id.toLowerCase());
  const ids = [...new Set(named ?? rows.keys())].filter((id) => rows.get(id)?.barcode === null);
  if (ids.length > 0) {
    await giveInternalBarcodes(tx, ids);
    await publishChange(tx, productId);
  }
  return { barcodesGenerated: ids.length };
}
