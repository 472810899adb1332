import { isDone } from '../caller.ts';
import { card, price, someLine } from '../goods.ts';
import { found, type Step } from '../step.ts';

/** Something is sold and brought back at the counter: the same piece is there for others again. */
export const saleReturn: Step = {
  name: 'saleReturn',
  async act({ mark, random, goods, ask }) {
    const line = someLine(goods, random);
    const sold = await ask(
      {
        name: 'saleRecord',
        selection: '... on SaleRecordSuccess { sale { id lines { id } } }',
      },
      {
        ...{ channel: 'WEB', locationCode: 'HQ', currencyCode: 'USD', externalId: mark },
        ...{ lines: [{ ...line, unitPrice: price }], tenders: card(line.quantity) },
      },
    );
    if (!isDone(sold)) return false;
    const { id: saleId, lines } = sold['sale'];
    const back = [{ lineId: lines[0].id, disposition: random.pick(['STOCK', 'INSPECTION']) }];
    const input = { saleId, registerId: goods.registerId, lines: back, reason: 'FAULTY' };
    const selection = '... on SaleReturnSuccess { saleReturn { id number } }';
    return isDone(await ask({ name: 'saleReturn', selection }, input));
  },
  effects: [
    found(
      'pos',
      `SELECT count(*) FROM sale_return r JOIN sale s ON s.tenant_id = r.tenant_id AND s.id = r.sale_id
       WHERE s.external_id = $1`,
    ),
  ],
};
