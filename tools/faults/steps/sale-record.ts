import { isDone } from '../caller.ts';
import { card, price, someSaleLine } from '../goods.ts';
import { found, type Step } from '../step.ts';

/** A sale that is paid already, in one call. */
export const saleRecord: Step = {
  name: 'saleRecord',
  async act({ mark, random, goods, ask }) {
    const line = someSaleLine(goods, random);
    const sold = await ask(
      { name: 'saleRecord', selection: '... on SaleRecordSuccess { sale { id receiptNumber } }' },
      {
        ...{ channel: 'WEB', locationCode: 'HQ', currencyCode: 'USD', externalId: mark },
        ...{ lines: [{ ...line, unitPrice: price }], tenders: card(line.quantity) },
      },
    );
    return isDone(sold);
  },
  effects: [
    found('pos', `SELECT count(*) FROM sale WHERE external_id = $1 AND status = 'COMMITTED'`),
  ],
};
