import type { Module } from '@onecount/service';
import { productChanged } from '../consumers/product-changed.ts';

export const priceModule: Module<object> = {
  name: 'price',
  start: () => ({ handlers: [productChanged] }),
};
