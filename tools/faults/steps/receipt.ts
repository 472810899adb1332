import { isDone } from '../caller.ts';
import { price } from '../goods.ts';
import { found, type Step } from '../step.ts';

/** Goods come in, counted ones and a new piece. */
export const receipt: Step = {
  name: 'receipt',
  async act({ mark, goods, ask }) {
    const lines = [
      { sku: goods.counted, quantity: 2, unitCost: price },
      { sku: goods.serialised.sku, units: [{ serial: mark }], unitCost: price },
    ];
    const received = await ask(
      { name: 'stockReceive' },
      { locationCode: 'HQ', supplier: 'Campaign', reference: mark, lines },
    );
    return isDone(received);
  },
  effects: [
    found(
      'inventory',
      `SELECT count(*) FROM stock_receipt r JOIN movement m ON m.tenant_id = r.tenant_id
             AND m.reason = 'RECEIPT' AND m.reference_id = r.id::text AND m.quantity = 2
           WHERE r.document_number = $1`,
    ),
  ],
};
