import { ServiceCallError } from '@onecount/graphql';
import type { InventoryClient } from './inventory.client.ts';

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
