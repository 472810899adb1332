import { rowLoader } from '../row-loader.ts';
import { returnsByIds } from './return.queries.ts';

export const returnLoader = rowLoader('sale-return', returnsByIds, ({ id }) => id);
