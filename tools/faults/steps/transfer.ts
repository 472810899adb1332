import { isDone } from '../caller.ts';
import { found, type Step } from '../step.ts';

/** Goods go to another shop: packed, sent, received. */
export const transfer: Step = {
  name: 'transfer',
  async act({ mark, random, goods, ask }) {
    const { sku, serials } = goods.serialised;
    const lines = [
      random.chance(0.5)
        ? { sku: goods.counted, quantity: 1 }
        : { sku, serials: [random.pick(serials)] },
    ];
    const created = await ask(
      { name: 'transferCreate', selection: '... on TransferCreateSuccess { transfer { id } }' },
      { fromLocationId: goods.locations.HQ, toLocationId: goods.locations.GM, lines, note: mark },
    );
    if (!isDone(created)) return false;
    const transferId = created['transfer'].id as string;
    if (!isDone(await ask({ name: 'transferDispatch' }, { transferId }))) return false;
    return isDone(await ask({ name: 'transferReceive' }, { transferId, isComplete: true }));
  },
  effects: [
    found('inventory', `SELECT count(*) FROM transfer WHERE note = $1 AND status = 'RECEIVED'`),
  ],
};
