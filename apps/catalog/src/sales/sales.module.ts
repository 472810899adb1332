import type { Module } from '@onecount/service';
import { saleCommitted } from '../consumers/sale-committed.ts';

export const salesModule: Module<object> = {
  name: 'sales',
  start: () => ({ handlers: [saleCommitted] }),
};
