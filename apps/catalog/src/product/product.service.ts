import { exactlyOne, type Database, type EntityTx, type KeyHolder, type Tx } from '@onecount/db';
import { isGiven, isRefusal, notFound, type NotFound, type Refusal } from '@onecount/refusal';
import { categoryById } from '../category/category.sql.ts';
import type {
  ProductCreateInput,
  ProductDuplicateInput,
  ProductStatusSetInput,
  ProductUpdateInput,
} from '../generated/resolver-types.ts';
import { removeProductDraft } from '../product-draft/product-draft.sql.ts';
import { draftLike } from '../product-life/duplicate.ts';
import { locationsOf, unknownLocation, withLocationCodes } from '../stock-command/location.ts';
import type { StockCommandService } from '../stock-command/stock-command.service.ts';
import { openingStockOf, stockWaitMs } from '../stock-command/opening-stock.ts';
import type { StockCommandRow } from '../stock-command/stock-command.sql.ts';
import { VariantEntity } from '../variant/variant.entity.ts';
import { allVariantsOf } from '../variant/variant.sql.ts';
import { removedSentence } from './description.ts';
import { ProductEntity, type ProductRow } from './product.entity.ts';
import { handleTaken, type SaveRefusal, type VersionConflict } from './product.errors.ts';
import { publishChange } from './product.events.ts';
import { factColumns } from './product.facts.sql.ts';
import {
  addressRefusal,
  changeOf,
  draftOf,
  openingStockOf as openingStockDraft,
  textRefusal,
  type ProductChange,
} from './product.input.ts';
import { lockAt } from './product.lock.ts';
import { htmlWarnings, planProduct } from './product.plan.ts';
import { insertProduct, suppliersOf } from './product.save.ts';
import { leaveHandle, takeHandle } from './product-handle.sql.ts';
import { handlesBeginning, lockHandle, productById, productsById } from './product.sql.ts';
import {
  slugOf,
  variantTitle,
  type ProductDraft,
  type ProductPlan,
  type ProductWarning,
} from './product.ts';
import { retryingTaken } from './taken.ts';

export type ProductService = ReturnType<typeof createProductService>;

type Stored = {
  productId: string;
  stockCommandId: string;
  variantsTotal: number;
  warnings: ProductWarning[];
};

/** What `productCreate` says beside the product itself. */
type Created = { idempotencyKey: string; categoryId?: string | null; draftId?: string | null };

export function createProductService(deps: { db: Database; stock: StockCommandService }) {
  const { db, stock } = deps;

  async function placed<Refused extends Refusal>(tenantId: string, plan: ProductPlan | Refused) {
    if (isRefusal(plan)) return plan;
    const unknown = await unknownLocation(stock.inventory, tenantId, locationsOf(plan.variants));
    return unknown === undefined ? plan : notFound('Location', unknown);
  }

  async function createFrom(
    caller: KeyHolder,
    command: { operation: string; input: Created },
    draft: ProductDraft,
  ) {
    const plan = await placed(caller.tenantId, planProduct(draft));
    const stored = await retryingTaken(() =>
      db.entityCommand(
        caller,
        command,
        // What is refused before the transaction is refused under the key, as what is refused in it.
        async (tx) => (isRefusal(plan) ? plan : storeProduct(tx, plan, command.input)),
        async (tx, kept) => ({ ...kept, product: await savedProduct(tx, kept.productId) }),
      ),
    );
    if (isRefusal(stored)) return stored;
    const { stockCommandId: id } = stored;
    return created(stored, await stock.deliverNow(caller.tenantId, { id, waitMs: stockWaitMs }));
  }

  return {
    /** Creates everything or nothing, then waits up to 5 s for inventory to have the opening stock. */
    async create(caller: KeyHolder, input: ProductCreateInput) {
      const coded = await withLocationCodes(stock.inventory, caller.tenantId, input);
      if (isRefusal(coded)) return coded;
      const draft = draftOf(coded);
      if (isRefusal(draft)) return draft;
      return createFrom(caller, { operation: 'productCreate', input }, draft);
    },

    /** The product is read before the transaction: a change of it in between is another moment to copy. */
    async duplicate(caller: KeyHolder, input: ProductDuplicateInput) {
      const defaults = { openingStock: input.openingStock ?? [] };
      const coded = await withLocationCodes(stock.inventory, caller.tenantId, { defaults });
      if (isRefusal(coded)) return coded;
      const refusal = textRefusal(input) ?? addressRefusal({ defaults: coded.defaults });
      if (refusal) return refusal;
      const draft = await db.read(caller.tenantId, async (tx) => {
        const product = await productById(tx, input.id);
        if (product === undefined || product.deletedAt !== null) return undefined;
        const openingStock = coded.defaults.openingStock.map(openingStockDraft);
        return draftLike(tx, product, { title: input.title ?? undefined, openingStock });
      });
      if (draft === undefined) return notFound('Product', input.id);
      if (isRefusal(draft)) return draft;
      return createFrom(caller, { operation: 'productDuplicate', input }, draft);
    },

    async update(caller: KeyHolder, input: ProductUpdateInput) {
      const change = changeOf(input);
      if (isRefusal(change)) return change;
      return retryingTaken(() =>
        db.entityCommand(
          caller,
          { operation: 'productUpdate', input },
          (tx) => updateProduct(tx, input, change),
          async (tx, id) => ({
            __typename: 'ProductUpdateSuccess' as const,
            product: await savedProduct(tx, id),
            warnings: htmlWarnings(change.description ? removedSentence(change.description) : null),
          }),
        ),
      );
    },

    async setStatus(caller: KeyHolder, input: ProductStatusSetInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      return db.entityCommand(
        caller,
        { operation: 'productStatusSet', input },
        (tx) => setStatus(tx, input),
        async (tx, id) => ({
          __typename: 'ProductStatusSetSuccess' as const,
          product: await savedProduct(tx, id),
        }),
      );
    },
  };
}

async function savedProduct(tx: Tx, id: string): Promise<ProductRow> {
  return exactlyOne(await productsById(tx, false, [id]));
}

async function storeProduct(
  tx: EntityTx,
  planned: ProductPlan,
  { categoryId, draftId }: Created,
): Promise<Stored | SaveRefusal | NotFound> {
  const category = await categoryOf(tx, { category: planned.category, categoryId });
  if (isRefusal(category)) return category;
  const plan = { ...planned, category: category ?? null };
  // Entered from a draft: that has become the product. Somebody else's click may have been first.
  if (isGiven(draftId) && !(await removeProductDraft(tx, draftId))) {
    return notFound('ProductDraft', draftId);
  }
  const saved = await insertProduct(tx, plan);
  if (isRefusal(saved)) return saved;
  const { warnings, variants } = plan;
  return { ...saved, variantsTotal: variants.length, warnings };
}

async function setStatus(
  tx: EntityTx,
  { id, version, status }: Pick<ProductStatusSetInput, 'id' | 'version' | 'status'>,
): Promise<string | NotFound | VersionConflict> {
  const product = await lockAt(tx, id, version);
  if (isRefusal(product)) return product;
  if (product.status === status) return id;
  await tx.manager.update(ProductEntity, { tenantId: tx.tenantId, id }, { status });
  await publishChange(tx, id);
  return id;
}

async function updateProduct(
  tx: EntityTx,
  { id, version }: Pick<ProductUpdateInput, 'id' | 'version'>,
  change: ProductChange,
): Promise<string | NotFound | VersionConflict | ReturnType<typeof handleTaken>> {
  const { tenantId } = tx;
  const product = await lockAt(tx, id, version);
  if (isRefusal(product)) return product;
  const handle = change.handle === undefined ? product.handle : slugOf(change.handle);
  const refusal = await moveHandle(tx, product, handle);
  if (refusal) return refusal;
  const category = await categoryOf(tx, change);
  if (isRefusal(category)) return category;
  const names = await suppliersOf(tx, {
    vendor: change.vendor?.trim() || null,
    category: category?.trim() || null,
  });
  await tx.manager.update(
    ProductEntity,
    { tenantId, id },
    {
      handle,
      title: change.title?.trim() ?? product.title,
      descriptionHtml: change.description?.html ?? product.descriptionHtml,
      vendorId: change.vendor === undefined ? product.vendorId : names.vendorId,
      categoryId: category === undefined ? product.categoryId : names.categoryId,
      productType:
        change.productType === undefined ? product.productType : change.productType?.trim() || null,
      tags: change.tags ?? product.tags,
      isUnlisted: change.isUnlisted ?? product.isUnlisted,
      ...(await factColumns(tx, change.facts)),
    },
  );
  if (change.title !== undefined) await retitleVariants(tx, id, change.title.trim());
  await publishChange(tx, id);
  return id;
}

/** The former address leads on to the product, unless it returns there later or another product takes it. */
async function moveHandle(tx: EntityTx, { id, handle: former }: ProductRow, handle: string) {
  if (handle === former) return undefined;
  await lockHandle(tx, handle);
  if ((await handlesBeginning(tx, handle)).has(handle)) return handleTaken(handle);
  await takeHandle(tx, handle);
  await leaveHandle(tx, { handle: former, productId: id });
  return undefined;
}

/** The path of the category that is named by path or id; undefined stays, null is none. */
async function categoryOf(
  tx: EntityTx,
  { category, categoryId }: { category?: string | null; categoryId?: string | null },
): Promise<string | null | undefined | NotFound> {
  if (!isGiven(categoryId)) return category ?? categoryId ?? category;
  return (await categoryById(tx, categoryId))?.path ?? notFound('Category', categoryId);
}

/** A variant without options bears its product's title. */
async function retitleVariants(tx: EntityTx, productId: string, title: string): Promise<void> {
  for (const variant of await allVariantsOf(tx, [productId])) {
    if (variant.optionValues.length > 0) continue;
    const key = { tenantId: tx.tenantId, id: variant.id };
    await tx.manager.update(VariantEntity, key, { title: variantTitle(title, []) });
  }
}

function created(
  { product, variantsTotal, warnings: planned }: Stored & { product: ProductRow },
  command: StockCommandRow,
) {
  const { warnings, ...received } = openingStockOf(command);
  return {
    __typename: 'ProductCreateSuccess' as const,
    product,
    variantsTotal,
    ...received,
    warnings: [...planned, ...warnings],
  };
}
