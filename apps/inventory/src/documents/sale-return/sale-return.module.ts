import type { Module } from '@onecount/service';
import type { Shared } from '../../kernel/shared.ts';
import { onSaleReturned } from './sale-returned.consumer.ts';

export const saleReturnModule: Module<Shared> = {
  name: 'sale-return',
  start: ({ onChange }) => ({ handlers: [onSaleReturned({ onChange })] }),
};
