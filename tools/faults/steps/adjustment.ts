import { isDone } from '../caller.ts';
import { found, type Step } from '../step.ts';

/** One breaks. */
export const adjustment: Step = {
  name: 'adjustment',
  async act({ mark, goods, ask }) {
    const adjusted = await ask(
      { name: 'stockAdjust' },
      {
        ...{ sku: goods.counted, locationId: goods.locations.HQ, quantity: -1, reason: 'DAMAGE' },
        ...{ referenceKind: 'CAMPAIGN', referenceId: mark },
      },
    );
    return isDone(adjusted);
  },
  effects: [
    found('inventory', 'SELECT count(*) FROM movement WHERE reference_id = $1 AND quantity = -1'),
  ],
};
