import { exactlyOne, type Database } from '@onecount/db';
import { badInput, connectionFrom, decodeCursor, pageArgs } from '@onecount/graphql';
import { moneyOf } from '@onecount/money';
import { isGiven, isStorable } from '@onecount/refusal';
import type {
  MutationResolvers,
  QueryResolvers,
  VariantPreviewResolvers,
  VariantPreviewRowResolvers,
  VariantResolvers,
} from '../generated/resolver-types.ts';
import { variantFullTitle } from '../product/product.ts';
import { productsById } from '../product/product.sql.ts';
import type { Reads } from '../reads.ts';
import { codesOf } from './barcode.ts';
import type { InternalBarcodeService } from './internal-barcode.service.ts';
import { previewVariants } from './variant-preview.ts';
import { sellingPrice } from './selling-price.ts';
import type { VariantService } from './variant.service.ts';
import { variantsBySku, type VariantView } from './variant.sql.ts';

export function variantResolvers(deps: {
  db: Database;
  reads: Reads;
  variants: VariantService;
  barcodes: InternalBarcodeService;
}) {
  const { db, reads, variants, barcodes } = deps;
  const Query: Pick<QueryResolvers, 'variant' | 'variantForSale' | 'variantPreview'> = {
    async variant(_, args, context) {
      const { id, sku, code } = args;
      if ([id, sku, code].filter(isGiven).length !== 1) {
        throw badInput('Give exactly one of id, sku and code.', { field: 'id' });
      }
      if (isGiven(id)) return reads.variant(context, id);
      const text = sku ?? code ?? '';
      if (!isStorable(text)) return null;
      if (isGiven(sku)) return reads.variantBySku(context, sku);
      return (await reads.variantByCode(context, text)) ?? reads.variantBySku(context, text);
    },
    variantPreview: (_, { input }, { caller }) =>
      previewVariants(db, { tenantId: caller.tenantId, input }),
    async variantForSale(_, { sku }, { caller }) {
      const found = await db.read(caller.tenantId, async (tx) => {
        const [variant] = await variantsBySku(tx, false, [sku]);
        if (variant === undefined || variant.removedAt !== null) return null;
        const product = exactlyOne(await productsById(tx, false, [variant.productId]));
        if (product.deletedAt !== null) return null;
        return { variant, version: product.version };
      });
      if (found === null) return null;
      const { variant, version } = found;
      return {
        variantId: variant.id,
        productId: variant.productId,
        version,
        sku: variant.sku,
        fullTitle: fullTitleOf(variant),
        price: money(variant, sellingPrice(variant).priceMinor),
        tracking: variant.tracking,
        status: variant.productStatus,
        isActive: variant.isActive,
        isTaxable: variant.isTaxable,
      };
    },
  };

  const Mutation: Pick<
    MutationResolvers,
    'variantUpdate' | 'variantsAdd' | 'variantRemove' | 'variantBarcodesGenerate'
  > = {
    variantBarcodesGenerate: (_, { input }, { caller }) => barcodes.generate(caller, input),
    variantUpdate: (_, { input }, { caller }) => variants.update(caller, input),
    variantsAdd: (_, { input }, { caller }) => variants.add(caller, input),
    variantRemove: (_, { input }, { caller }) => variants.remove(caller, input),
  };

  const Variant: VariantResolvers = {
    __resolveReference: (reference, context) =>
      'id' in reference && typeof reference.id === 'string'
        ? reads.variant(context, reference.id)
        : reads.variantBySku(context, String((reference as { sku?: unknown }).sku)),
    fullTitle: fullTitleOf,
    barcode: ({ barcode }) => codesOf(barcode).barcode,
    stockCode: ({ barcode }) => codesOf(barcode).stockCode,
    async product({ productId }, _, context) {
      const product = await reads.product(context, productId);
      if (product === undefined) throw new Error(`variant without its product ${productId}`);
      return product;
    },
    async options({ productId, optionValues }, _, context) {
      const options = await reads.options(context, productId);
      return options.map(({ name }, index) => ({ name, value: optionValues[index] ?? '' }));
    },
    price: (variant) => money(variant, sellingPrice(variant).priceMinor),
    compareAtPrice: (variant) => money(variant, sellingPrice(variant).compareAtPriceMinor),
    cost: (variant) => money(variant, variant.costMinor),
    image: ({ mediaId }, _, context) => (mediaId === null ? null : reads.medium(context, mediaId)),
    async sales({ id }, _, context) {
      const sold = await reads.sales(context, id);
      return { quantitySold: sold?.quantitySold ?? 0, lastSoldAt: sold?.lastSoldAt ?? null };
    },
  };

  const VariantPreview: VariantPreviewResolvers = {
    variantsTotal: ({ rows }) => rows.length,
    collisionsTotal: ({ rows }) => rows.filter(({ collision }) => collision !== null).length,
    rows({ rows }, args) {
      const { first, limit, after } = pageArgs(args, 50);
      const [from = '0'] = decodeCursor(after, ['integer']) ?? [];
      const page = rows.filter(({ position }) => position > Number(from)).slice(0, limit);
      return connectionFrom(page, { first, after, cursorOf: ({ position }) => [position] });
    },
  };
  const VariantPreviewRow: VariantPreviewRowResolvers = {
    sku: ({ wished }) => wished,
    skuProposed: ({ free }) => free,
  };

  return { Query, Mutation, Variant, VariantPreview, VariantPreviewRow };
}

function fullTitleOf({ productTitle, optionValues }: VariantView): string {
  return variantFullTitle(productTitle, optionValues);
}

function money({ currencyCode }: VariantView, amountMinor: number | null) {
  return amountMinor === null || currencyCode === null
    ? null
    : moneyOf({ amountMinor, currencyCode });
}
