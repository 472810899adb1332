import type { Database, Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { countInSale } from '../return/return.sql.ts';
import { storeReturn } from '../return/return.steps.ts';
import {
  moveToCommitted,
  moveToVoided,
  type Committing,
  type SaleRef,
  type Voiding,
} from '../sale/sale.sql.ts';
import { lockSale } from '../sale/sale.queries.ts';
import type { Sale } from '../sale/sale.ts';
import { exchangeOf, type Exchange } from './exchange.sql.ts';

// The ends of a sale that goods of another one pay for, for whoever drives it (docs/sale.md). The sale that goods come back
// of is locked first, as by the intent: a return of it holds its row while it waits for nothing of ours.

/** Commits the sale and makes the return, in one transaction: neither is ever there without the other. */
export function commitExchange(db: Database, ref: SaleRef, committing: Committing) {
  return db.inTransaction(ref.tenantId, async (tx) => {
    const { exchange, returned } = await lockedExchange(tx, ref.saleId);
    const step = await moveToCommitted({ statement: tx.query }, ref, committing);
    if (step.outcome !== 'COMMITTED') return step;
    const { returnId: id, document } = exchange;
    await storeReturn(tx, returned, { ...document, id, kind: 'EXCHANGE' });
    crashAt('exchange.commit.before-commit');
    return step;
  });
}

/** Ends the sale whose stock was refused: what was to come back for it does not. */
export function voidExchange(db: Database, ref: SaleRef, voiding: Voiding) {
  return db.inTransaction(ref.tenantId, async (tx) => {
    const { exchange, returned } = await lockedExchange(tx, ref.saleId);
    const step = await moveToVoided({ statement: tx.query }, ref, voiding);
    if (step.outcome !== 'VOIDED') return step;
    await countInSale(tx, returned.id, exchange.document, -1);
    crashAt('exchange.void.before-commit');
    return step;
  });
}

async function lockedExchange(
  tx: Tx,
  saleId: string,
): Promise<{ exchange: Exchange; returned: Sale }> {
  const exchange = await exchangeOf(tx, saleId);
  const returned = await lockSale(tx, exchange.returnedSaleId);
  return { exchange, returned: returned! };
}
