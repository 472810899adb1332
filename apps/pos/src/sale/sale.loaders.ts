import { rowLoader } from '../row-loader.ts';
import { salesByIds } from './sale.queries.ts';

export const saleLoader = rowLoader('sale', salesByIds, ({ id }) => id);
