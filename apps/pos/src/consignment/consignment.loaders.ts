import { rowLoader } from '../row-loader.ts';
import { agreementsByIds, piecesByIds } from './consignment.sql.ts';

export const agreementLoader = rowLoader('consignment-agreement', agreementsByIds, ({ id }) => id);
export const pieceLoader = rowLoader('consignment-piece', piecesByIds, ({ id }) => id);
