import type { Step } from '../step.ts';
import { adjustment } from './adjustment.ts';
import { conversion } from './conversion.ts';
import { hold } from './hold.ts';
import { product } from './product.ts';
import { receipt } from './receipt.ts';
import { saleBasket, saleLines, saleLineUpdate, saleOpen, saleVoid } from './sale-basket.ts';
import { saleHoldsRenew, saleOfHold } from './sale-hold.ts';
import { saleRecord } from './sale-record.ts';
import { saleReturn } from './sale-return.ts';
import { stocktake } from './stocktake.ts';
import { transfer } from './transfer.ts';
import { variantRemove, variantsAdd, variantUpdate } from './variant.ts';

/** What the campaign does. A new kind of business is a file and a line here. */
export const steps: readonly Step[] = [
  saleRecord,
  saleBasket,
  saleOpen,
  saleLines,
  saleLineUpdate,
  saleVoid,
  saleOfHold,
  saleHoldsRenew,
  saleReturn,
  hold,
  receipt,
  adjustment,
  transfer,
  stocktake,
  conversion,
  product,
  variantUpdate,
  variantsAdd,
  variantRemove,
];
