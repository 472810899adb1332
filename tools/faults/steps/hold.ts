import { isDone } from '../caller.ts';
import { someLine } from '../goods.ts';
import { found, type Step } from '../step.ts';

/** Something is put aside, and given back. */
export const hold: Step = {
  name: 'hold',
  async act({ mark, random, goods, ask }) {
    const held = await ask(
      { name: 'holdCreate', selection: '... on HoldCreateSuccess { hold { id } }' },
      { ...someLine(goods, random), referenceKind: 'CAMPAIGN', referenceId: mark },
    );
    if (!isDone(held)) return false;
    return isDone(await ask({ name: 'holdRelease' }, { holdId: held['hold'].id }));
  },
  effects: [
    found('inventory', `SELECT count(*) FROM hold WHERE reference_id = $1 AND status = 'RELEASED'`),
  ],
};
