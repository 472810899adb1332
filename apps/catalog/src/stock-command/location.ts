import { ServiceCallError } from '@onecount/graphql';
import type { VariantDraft } from '../variant/variant.ts';
import type { InventoryClient } from './inventory.client.ts';

/** The codes of the locations that have opening stock of these variants, each once. */
export function locationsOf(variants: readonly Pick<VariantDraft, 'openingStock'>[]): string[] {
  const lines = variants.flatMap(({ openingStock }) => openingStock);
  return [...new Set(lines.map(({ locationCode }) => locationCode))];
}

/**
 * The first of the codes that no location has. When inventory cannot be asked, nothing is refused: the
 * stock command is stored and inventory has the last word.
 */
export async function unknownLocation(
  inventory: Pick<InventoryClient, 'hasLocation'>,
  tenantId: string,
  codes: readonly string[],
): Promise<string | undefined> {
  try {
    const known = await Promise.all(codes.map((code) => inventory.hasLocation(tenantId, code)));
    return codes.find((_, index) => !known[index]);
  } catch (err) {
    if (err instanceof ServiceCallError) return undefined;
    throw err;
  }
}
