import type { Database } from '@onecount/db';
import { refuse } from '@onecount/refusal';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import type { VariantUses } from './variant.errors.ts';
import { usesOf } from './variant-remove.ts';

const atOnce = 8;
const namedMax = 100;

export type UsesById = ReadonlyMap<string, VariantUses | null>;

/** What keeps each of the variants from being removed; throws ServiceCallError when inventory brings no answer. */
export async function usesOfVariants(
  deps: { db: Database; inventory: InventoryClient },
  tenantId: string,
  variantIds: readonly string[],
): Promise<UsesById> {
  const uses = new Map<string, VariantUses | null>();
  const waiting = [...variantIds];
  const askNext = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      uses.set(id, await usesOf(deps, tenantId, id));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askNext));
  return uses;
}

/** The refusal that names those in use; null when none is. */
export function variantsInUse(variants: readonly { id: string; sku: string }[], uses: UsesById) {
  const used = variants.flatMap(({ id, sku }) => {
    const use = uses.get(id) ?? null;
    return use === null ? [] : [{ sku, ...use }];
  });
  if (used.length === 0) return null;
  const skus = used.slice(0, 5).map(({ sku }) => sku);
  const more = used.length > skus.length ? ` and ${used.length - skus.length} more` : '';
  const message = `Stock or promises keep ${skus.join(', ')}${more}.`;
  return refuse('VariantsInUse', 'VARIANTS_IN_USE', message, {
    ...{ variantsInUseTotal: used.length, variantsInUse: used.slice(0, namedMax) },
  });
}
