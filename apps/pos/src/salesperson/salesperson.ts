import type { InvalidInput } from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import type { Sale } from '../sale/sale.ts';

export function checkSalesperson(text: string | null | undefined): InvalidInput | undefined {
  return checkFreeText('salesperson', text, { min: 1, max: 100 });
}

/** While it is a basket everybody who sells; afterwards commission was counted by it, and a manager sets it right. */
export function mayNameSalesperson(
  { status }: Pick<Sale, 'status'>,
  { isManager }: { isManager: boolean },
): boolean {
  return status === 'OPEN' || (status === 'COMMITTED' && isManager);
}
