import { isDone } from '../caller.ts';
import { found, type Step } from '../step.ts';

/** Somebody counts a shelf while others sell from it. */
export const stocktake: Step = {
  name: 'count',
  async act({ mark, random, goods, ask }) {
    const created = await ask(
      { name: 'stocktakeCreate', selection: '... on StocktakeCreateSuccess { stocktake { id } }' },
      {
        ...{ locationId: goods.locations.HQ, note: mark },
        ...{ scope: 'SKU_PREFIX', scopeValue: goods.counted },
      },
    );
    if (!isDone(created)) return false;
    const stocktakeId = created['stocktake'].id as string;
    const scannedAt = new Date().toISOString();
    const scans = [{ code: goods.counted, quantity: 4 + random.below(3), scannedAt }];
    const steps = [
      ['stocktakeScan', { device: 'one', batchKey: mark, scans }],
      ['stocktakeReview', {}],
      ['stocktakePost', { countMissingAsZero: true }],
    ] as const;
    for (const [name, input] of steps) {
      if (!isDone(await ask({ name }, { stocktakeId, ...input }))) return false;
    }
    return true;
  },
  effects: [
    found('inventory', `SELECT count(*) FROM stocktake WHERE note = $1 AND status = 'POSTED'`),
  ],
};
