import { sumMinor } from '@onecount/money';
import type { Sale, SaleLine } from '../sale/sale.ts';
import { paidForLine, taxesOfLine } from '../tax/sale-tax.ts';
import type { LineTax } from '../tax/tax.ts';
import { shareOfPieces } from './return-share.ts';

export type ReturnedTax = Omit<LineTax, 'addedMinor'>;

/**
 * The tax of pieces that come back, by component: each piece has its share, so that all returns of a line together give back
 * exactly its tax, that of a margin too. What is left of what goes back is without tax.
 */
export function taxesBack(
  sale: Sale,
  line: SaleLine,
  pieces: { from: number; count: number },
): ReturnedTax[] {
  const share = (minor: number) => shareOfPieces(minor, line.quantity, pieces);
  const sold = taxesOfLine(sale, line.id);
  const shares = sold.map(({ taxMinor }) => share(taxMinor));
  const netMinor = share(paidForLine(sale, line)) - sumMinor(shares);
  return sold.map(({ addedMinor: _, ...tax }, index) => ({
    ...tax,
    taxMinor: shares[index]!,
    baseMinor: tax.scheme === 'MARGIN' ? share(tax.baseMinor) : netMinor,
  }));
}
