import { exactlyOne, type Database, type EntityTx, type KeyHolder, type Tx } from '@onecount/db';
import { isUuid, isRefusal, type Refusal } from '@onecount/refusal';
import type {
  OptionAddInput,
  OptionRemoveInput,
  OptionRenameInput,
  OptionsReorderInput,
  OptionValueRemoveInput,
  OptionValueRenameInput,
  OptionValuesAddInput,
  OptionValuesReorderInput,
} from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import { optionsOfProducts, productsById } from '../product/product.sql.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { usesOfVariants } from '../variant/variant-uses.ts';
import { changeOptions, removeOptionOf, removeValueOf } from './option-change.ts';
import { valuesOfVariants } from './option.sql.ts';
import {
  addOption,
  addValues,
  removeValue,
  renameOption,
  renameValue,
  reorderOptions,
  reorderValues,
} from './option.ts';

export type OptionService = ReturnType<typeof createOptionService>;

type Input = { idempotencyKey: string; productId: string; productVersion: number };

export function createOptionService(deps: { db: Database; inventory: InventoryClient }) {
  const { db } = deps;

  async function edit<Refused extends Refusal>(
    caller: KeyHolder,
    { operation, input }: { operation: string; input: Input },
    run: (tx: EntityTx) => Promise<string | Refused>,
  ) {
    return (
      textRefusal(input) ??
      db.entityCommand(caller, { operation, input }, run, async (tx: Tx, id) => ({
        __typename: 'OptionsChangeSuccess' as const,
        product: exactlyOne(await productsById(tx, false, [id as string])),
      }))
    );
  }

  /** The variants that would go with a value, as they are before the transaction. */
  async function variantsOf(tenantId: string, input: OptionValueRemoveInput): Promise<string[]> {
    const { productId } = input;
    if (!isUuid(productId)) return [];
    return db.read(tenantId, async (tx) => {
      const plan = removeValue(await optionsOfProducts(tx, [productId]), input);
      if (isRefusal(plan)) return [];
      const variants = await valuesOfVariants(tx, productId);
      const gone = variants.filter((one) => !one.isRemoved && plan.isGone(one.optionValues));
      return gone.map(({ id }) => id);
    });
  }

  return {
    add: (caller: KeyHolder, input: OptionAddInput) =>
      edit(caller, { operation: 'optionAdd', input }, (tx) =>
        changeOptions(tx, input, (options) => addOption(options, input)),
      ),
    rename: (caller: KeyHolder, input: OptionRenameInput) =>
      edit(caller, { operation: 'optionRename', input }, (tx) =>
        changeOptions(tx, input, (options) => renameOption(options, input)),
      ),
    remove: (caller: KeyHolder, input: OptionRemoveInput) =>
      edit(caller, { operation: 'optionRemove', input }, (tx) => removeOptionOf(tx, input)),
    reorder: (caller: KeyHolder, input: OptionsReorderInput) =>
      edit(caller, { operation: 'optionsReorder', input }, (tx) =>
        changeOptions(tx, input, (options) => reorderOptions(options, input.options)),
      ),
    addValues: (caller: KeyHolder, input: OptionValuesAddInput) =>
      edit(caller, { operation: 'optionValuesAdd', input }, (tx) =>
        changeOptions(tx, input, (options) => addValues(options, input)),
      ),
    renameValue: (caller: KeyHolder, input: OptionValueRenameInput) =>
      edit(caller, { operation: 'optionValueRename', input }, (tx) =>
        changeOptions(tx, input, (options) => renameValue(options, input)),
      ),
    reorderValues: (caller: KeyHolder, input: OptionValuesReorderInput) =>
      edit(caller, { operation: 'optionValuesReorder', input }, (tx) =>
        changeOptions(tx, input, (options) => reorderValues(options, input)),
      ),
    /** Inventory is asked before the transaction; that it cannot be asked counts only where variants would go. */
    async removeValue(caller: KeyHolder, input: OptionValueRemoveInput) {
      const refusal = textRefusal(input);
      if (refusal) return refusal;
      const asked = variantsOf(caller.tenantId, input).then((ids) =>
        usesOfVariants(deps, caller.tenantId, ids),
      );
      const [uses] = await Promise.allSettled([asked]);
      return edit(caller, { operation: 'optionValueRemove', input }, (tx) =>
        removeValueOf(tx, input, uses),
      );
    },
  };
}
