import { isDatabaseError } from '@onecount/db';

const uniqueConstraints = new Set([
  'product_handle_key',
  'variant_sku_key',
  'variant_barcode_key',
  'variant_option_values_key',
]);
// Each lost attempt means that another transaction has committed, so n writers of one name need n attempts
// at most; beyond this many something else is wrong.
const attemptsMax = 100;

/**
 * Runs a transaction that looks before it writes. When a concurrent transaction takes the same handle,
 * SKU or barcode in between, the unique constraint stops this one; run again, it sees the other's row
 * and names the value in its refusal, or generates another. PostgreSQL alone decides who was first.
 */
export async function retryingTaken<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (err) {
      const isTaken = isDatabaseError(err) && uniqueConstraints.has(err.constraint ?? '');
      if (!isTaken || attempt === attemptsMax) throw err;
    }
  }
}
