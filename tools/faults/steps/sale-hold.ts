import { isDone } from '../caller.ts';
import { someLine } from '../goods.ts';
import { found, type Effect, type Step } from '../step.ts';
import { add, opened, openedWithLine, paid, unitsSold } from './till.ts';

/** What was put aside becomes a line of a sale, by its hold. */
export const saleOfHold: Step = {
  name: 'sale of a hold',
  async act(act) {
    const line = someLine(act.goods, act.random);
    const held = await act.ask(
      { name: 'holdCreate', selection: '... on HoldCreateSuccess { hold { id } }' },
      { ...line, referenceKind: 'CAMPAIGN', referenceId: act.mark },
    );
    if (!isDone(held)) return false;
    const saleId = await opened(act);
    if (saleId === undefined) return false;
    if (!isDone(await act.ask(add, { saleId, holdId: held['hold'].id }))) return false;
    return paid(act, saleId, line.quantity);
  },
  effects: [
    unitsSold,
    // The same row: nothing was let go of and taken anew.
    found(
      'inventory',
      `SELECT coalesce(sum(h.quantity), 0) FROM hold_takeover t
       JOIN hold h ON h.tenant_id = t.tenant_id AND h.id = t.hold_id
       WHERE t.reference_id = $1 AND h.status = 'SOLD' AND h.reference_id = t.sale_id::text`,
    ),
  ],
};

/** The customer is paying: what is in the basket stays there for an hour. */
export const saleHoldsRenew: Step = {
  name: 'saleHoldsRenew',
  async act(act) {
    const basket = await openedWithLine(act);
    if (!basket) return false;
    const input = { saleId: basket.saleId, holdSeconds: 3_600 };
    return isDone(await act.ask({ name: 'saleHoldsRenew' }, input));
  },
  effects: [renewed],
};

async function renewed(...[rows, mark]: Parameters<Effect>): Promise<number> {
  const sales = await rows<{ id: string }>('pos', 'SELECT id FROM sale WHERE external_id = $1', [
    mark,
  ]);
  // A hold that nobody renewed ends within 15 minutes.
  const [held] = await rows<{ count: number }>(
    'inventory',
    `SELECT count(DISTINCT reference_id) FROM hold WHERE reference_kind = 'SALE' AND reference_id = ANY ($1)
       AND status = 'LIVE' AND expires_at > now() + interval '30 minutes'`,
    [sales.map(({ id }) => id)],
  );
  return Number(held!.count);
}
