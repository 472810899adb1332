import type { EventHandler } from '@onecount/messaging';
import { saveProduct } from '../known-unit/known-unit.sql.ts';

export const productChanged: EventHandler<'catalog.product-changed'> = {
  type: 'catalog.product-changed',
  consumer: 'passport.known-product',
  handle: (tx, { data }) => saveProduct(tx, data),
};
