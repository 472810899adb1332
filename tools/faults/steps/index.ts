import type { Step } from '../step.ts';
import { adjustment } from './adjustment.ts';
import { conversion } from './conversion.ts';
import { hold } from './hold.ts';
import { product } from './product.ts';
import { receipt } from './receipt.ts';
import { saleBasket, saleLineUpdate, saleOpen, saleVoid } from './sale-basket.ts';
import { saleRecord } from './sale-record.ts';
import { stocktake } from './stocktake.ts';
import { transfer } from './transfer.ts';

/** What the campaign does. A new kind of business is a file and a line here. */
export const steps: readonly Step[] = [
  saleRecord,
  saleBasket,
  saleOpen,
  saleLineUpdate,
  saleVoid,
  hold,
  receipt,
  adjustment,
  transfer,
  stocktake,
  conversion,
  product,
];
