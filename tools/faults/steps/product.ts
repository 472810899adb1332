import { isDone } from '../caller.ts';
import { price } from '../goods.ts';
import { found, type Step } from '../step.ts';

/** A new product, of which there is stock already: catalog asks inventory. */
export const product: Step = {
  name: 'product',
  async act({ mark, ask }) {
    const openingStock = [{ locationCode: 'HQ', quantity: 2 }];
    const created = await ask(
      {
        name: 'productCreate',
        selection: '... on ProductCreateSuccess { inventoryPending product { id } }',
      },
      {
        ...{ title: mark, status: 'ACTIVE' },
        variants: [{ sku: mark, tracking: 'QUANTITY', price, openingStock }],
      },
    );
    return isDone(created);
  },
  effects: [
    found(
      'inventory',
      `SELECT count(*) FROM movement m JOIN stock_item i ON i.tenant_id = m.tenant_id
             AND i.id = m.stock_item_id WHERE i.sku = $1 AND m.reason = 'OPENING' AND m.quantity = 2`,
    ),
  ],
};
