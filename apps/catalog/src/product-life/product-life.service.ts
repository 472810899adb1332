import { exactlyOne, type Database, type KeyHolder, type Tx } from '@onecount/db';
import { isUuid } from '@onecount/refusal';
import type {
  ProductDeleteInput,
  ProductPublishInput,
  ProductRestoreInput,
  VariantsReorderInput,
} from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import { productById, productsById } from '../product/product.sql.ts';
import { retryingTaken } from '../product/taken.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { usesOfVariants } from '../variant/variant-uses.ts';
import { allVariantsOf } from '../variant/variant.sql.ts';
import {
  deleteProduct,
  publishProduct,
  readReview,
  reorderVariants,
  restoreProduct,
} from './product-life.ts';

const read = async (tx: Tx, id: string) => exactlyOne(await productsById(tx, false, [id]));

export function createProductLifeService(deps: { db: Database; inventory: InventoryClient }) {
  const { db } = deps;

  async function usesOfProduct(tenantId: string, id: string) {
    if (!isUuid(id)) return new Map();
    const variants = await db.read(tenantId, (tx) => allVariantsOf(tx, [id]));
    return usesOfVariants(
      deps,
      tenantId,
      variants.map((variant) => variant.id),
    );
  }

  return {
    review: (tenantId: string, id: string) =>
      db.read(tenantId, async (tx) => {
        const product = await productById(tx, id);
        return product === undefined ? null : readReview(tx, product);
      }),

    async publish(caller: KeyHolder, input: ProductPublishInput) {
      return (
        textRefusal(input) ??
        db.entityCommand(
          caller,
          { operation: 'productPublish', input },
          (tx) => publishProduct(tx, input),
          async (tx, id) => {
            const product = await read(tx, id);
            const review = await readReview(tx, product);
            return { __typename: 'ProductPublishSuccess' as const, product, review };
          },
        )
      );
    },

    /** Inventory is asked before the transaction; that it cannot be asked deletes nothing. */
    async delete(caller: KeyHolder, input: ProductDeleteInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const [uses] = await Promise.allSettled([usesOfProduct(caller.tenantId, input.id)]);
      return db.entityCommand(
        caller,
        { operation: 'productDelete', input },
        (tx) => deleteProduct(tx, input, uses),
        async (tx, id) => ({
          __typename: 'ProductDeleteSuccess' as const,
          product: await read(tx, id),
        }),
      );
    },

    async restore(caller: KeyHolder, input: ProductRestoreInput) {
      return (
        textRefusal(input) ??
        retryingTaken(() =>
          db.entityCommand(
            caller,
            { operation: 'productRestore', input },
            (tx) => restoreProduct(tx, input.id),
            async (tx, id) => ({
              __typename: 'ProductRestoreSuccess' as const,
              product: await read(tx, id),
            }),
          ),
        )
      );
    },

    async reorder(caller: KeyHolder, input: VariantsReorderInput) {
      return (
        textRefusal(input) ??
        db.entityCommand(
          caller,
          { operation: 'variantsReorder', input },
          (tx) => reorderVariants(tx, input),
          async (tx, id) => ({
            __typename: 'VariantsReorderSuccess' as const,
            product: await read(tx, id),
          }),
        )
      );
    },
  };
}
