import { exactlyOne, type Database, type EntityTx, type KeyHolder } from '@onecount/db';
import {
  codeKey,
  foldedIdentifier,
  isGiven,
  isRefusal,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type {
  VariantRemoveInput,
  VariantsAddInput,
  VariantUpdateInput,
} from '../generated/resolver-types.ts';
import { barcodeTaken, skuTaken, type VersionConflict } from '../product/product.errors.ts';
import { publishChange } from '../product/product.events.ts';
import { picturesRefusal } from '../media/media-limit.ts';
import { mergeMedia } from '../product/product.overwrite.ts';
import { addressRefusal, textRefusal, variantDraftsOf } from '../product/product.input.ts';
import { productsById } from '../product/product.sql.ts';
import { retryingTaken } from '../product/taken.ts';
import { locationsOf, unknownLocation, withLocationCodes } from '../stock-command/location.ts';
import { openingStockOf, stockWaitMs } from '../stock-command/opening-stock.ts';
import type { StockCommandService } from '../stock-command/stock-command.service.ts';
import { insertVariants } from './variant-add.ts';
import {
  changedMoney,
  moneyWarnings,
  variantChangeOf,
  type VariantChange,
} from './variant-change.ts';
import { removeVariant, usesOf } from './variant-remove.ts';
import { lockProductOfVariant } from './variant-lock.ts';
import { VariantEntity, type VariantRow } from './variant.entity.ts';
import { barcodesTaken, skusTaken, variantsById } from './variant.sql.ts';

export type VariantService = ReturnType<typeof createVariantService>;

type UpdateRefusal =
  | InvalidInput
  | NotFound
  | VersionConflict
  | ReturnType<typeof skuTaken>
  | ReturnType<typeof barcodeTaken>;

export function createVariantService(deps: { db: Database; stock: StockCommandService }) {
  const { db, stock } = deps;
  return {
    async update(caller: KeyHolder, input: VariantUpdateInput) {
      const change = variantChangeOf(input);
      if (isRefusal(change)) return change;
      return retryingTaken(() =>
        db.entityCommand(
          caller,
          { operation: 'variantUpdate', input },
          (tx) => updateVariant(tx, input, change),
          async (tx, id) => {
            const variant = exactlyOne(await variantsById(tx, false, [id]));
            const warnings = moneyWarnings(variant);
            return { __typename: 'VariantUpdateSuccess' as const, variant, warnings };
          },
        ),
      );
    },

    /**
     * Inventory is asked before the transaction. That it cannot be asked counts only where its answer would decide:
     * then nothing is removed, and ServiceCallError is thrown.
     */
    async remove(caller: KeyHolder, input: VariantRemoveInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const [uses] = await Promise.allSettled([
        usesOf({ db, inventory: stock.inventory }, caller.tenantId, input.id),
      ]);
      return db.entityCommand(
        caller,
        { operation: 'variantRemove', input },
        (tx) => removeVariant(tx, input, uses),
        async (tx, id) => {
          const variant = exactlyOne(await variantsById(tx, false, [id]));
          const product = exactlyOne(await productsById(tx, false, [variant.productId]));
          return { __typename: 'VariantRemoveSuccess' as const, product, variant };
        },
      );
    },

    /** Adds all or none, then waits up to 5 s for inventory to have the opening stock. */
    async add(caller: KeyHolder, input: VariantsAddInput) {
      const coded = await withLocationCodes(stock.inventory, caller.tenantId, input);
      if (isRefusal(coded)) return coded;
      const drafts = textRefusal(input) ?? addressRefusal(input) ?? variantDraftsOf(coded.variants);
      if (isRefusal(drafts)) return drafts;
      const { tenantId } = caller;
      const unknown = await unknownLocation(stock.inventory, tenantId, locationsOf(drafts));
      const { productId, productVersion } = input;
      const wanted = {
        productId,
        productVersion,
        drafts,
        skuPattern: input.skuPattern ?? undefined,
      };
      const stored = await retryingTaken(() =>
        db.entityCommand(
          caller,
          { operation: 'variantsAdd', input },
          async (tx) =>
            unknown === undefined ? insertVariants(tx, wanted) : notFound('Location', unknown),
          async (tx, kept) => ({
            ...kept,
            product: exactlyOne(await productsById(tx, false, [kept.productId])),
          }),
        ),
      );
      if (isRefusal(stored)) return stored;
      const { stockCommandId: id, product } = stored;
      const command = await stock.deliverNow(tenantId, { id, waitMs: stockWaitMs });
      const { warnings, ...received } = openingStockOf(command);
      return {
        __typename: 'VariantsAddSuccess' as const,
        ...{ product, variantsAdded: drafts.length, ...received },
        warnings: [...stored.warnings, ...warnings],
      };
    },
  };
}

/** Refusals in this order: unknown, version, money, SKU, barcode, pictures. Answers the variant's id. */
async function updateVariant(
  tx: EntityTx,
  { id, productVersion }: { id: string; productVersion: number },
  change: VariantChange,
): Promise<string | UpdateRefusal> {
  const product = await lockProductOfVariant(tx, { id, productVersion });
  if (isRefusal(product)) return product;
  // Read behind the lock: who held it before may have changed the variant.
  const row = exactlyOne(await variantsById(tx, false, [id]));
  const money = changedMoney(row, change.money);
  if (isRefusal(money)) return money;
  const taken = await takenBy(tx, row, change);
  if (taken !== null) return taken;
  const { sku, code, imageUrl, money: _, ...plain } = change;
  const urls = isGiven(imageUrl) ? [imageUrl] : [];
  const tooMany = await picturesRefusal(tx, product.id, { urls, field: 'imageUrl' });
  if (tooMany !== null) return tooMany;
  const key = { tenantId: tx.tenantId, id: row.id };
  await tx.manager.update(VariantEntity, key, {
    ...plain,
    ...money,
    sku: sku ?? row.sku,
    barcode: code === undefined ? row.barcode : code,
    mediaId: imageUrl === undefined ? row.mediaId : await mediumOf(tx, product.id, imageUrl),
  });
  await publishChange(tx, product.id);
  return row.id;
}

// Its own SKU in another case, its own GTIN in another form, are not taken.
async function takenBy(tx: EntityTx, row: VariantRow, { sku, code }: VariantChange) {
  const isNewSku = sku !== undefined && foldedIdentifier(sku) !== foldedIdentifier(row.sku);
  if (isNewSku && (await skusTaken(tx, [sku])).size > 0) return skuTaken(sku);
  if (code === undefined || code === null) return null;
  const isOwn = row.barcode !== null && codeKey(row.barcode) === codeKey(code);
  return !isOwn && (await barcodesTaken(tx, [code])).size > 0 ? barcodeTaken(code) : null;
}

/** The product's picture of this address, attached behind the others when it is new. */
async function mediumOf(
  tx: EntityTx,
  productId: string,
  url: string | null,
): Promise<string | null> {
  if (url === null) return null;
  const media = await mergeMedia(tx, productId, { media: [{ url }] });
  return media.get(url) ?? null;
}
