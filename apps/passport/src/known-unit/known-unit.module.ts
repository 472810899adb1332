import type { Module } from '@onecount/service';
import { productChanged } from '../consumers/product-changed.ts';
import { serialUnitChanged } from '../consumers/serial-unit-changed.ts';

export const knownUnitModule: Module<object> = {
  name: 'known-unit',
  start: () => ({ handlers: [serialUnitChanged, productChanged] }),
};
