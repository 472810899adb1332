import { isDone, type Mutation } from '../caller.ts';
import { someSaleLine } from '../goods.ts';
import { found, type Step } from '../step.ts';
import { add, opened, openedWithLine, paid, unitsSold } from './till.ts';

const update: Mutation = {
  name: 'saleLineUpdate',
  selection: '... on SaleLineUpdateSuccess { line { quantity } }',
};
const addLines: Mutation = {
  name: 'saleLinesAdd',
  selection: '... on SaleLinesAddSuccess { answers { line { quantity } refusal { code } } }',
};

/** A basket, a line, and payment: three calls. */
export const saleBasket: Step = {
  name: 'basket',
  async act(act) {
    const saleId = await opened(act);
    if (saleId === undefined) return false;
    const line = someSaleLine(act.goods, act.random);
    if (!isDone(await act.ask(add, { saleId, ...line }))) return false;
    return paid(act, saleId, line.quantity);
  },
  effects: [unitsSold],
};

/** A basket that is opened with its line, and payment. */
export const saleOpen: Step = {
  name: 'saleOpen with lines',
  async act(act) {
    const basket = await openedWithLine(act);
    return basket !== undefined && paid(act, basket.saleId, basket.quantity);
  },
  effects: [unitsSold],
};

/** A basket whose line becomes larger or smaller before it is paid, or stays because there is not enough. */
export const saleLineUpdate: Step = {
  name: 'saleLineUpdate',
  async act(act) {
    const basket = await openedWithLine(act, { sku: act.goods.counted, quantity: 2 });
    if (!basket) return false;
    const { saleId, lineId, quantity } = basket;
    const wanted = act.random.pick([1, 3]);
    const updated = await act.ask(update, { saleId, lineId, quantity: wanted });
    return paid(act, saleId, isDone(updated) ? wanted : quantity);
  },
  effects: [unitsSold],
};

/** Several lines at once, all or none or each for itself: what was added is what is paid. */
export const saleLines: Step = {
  name: 'saleLinesAdd',
  async act(act) {
    const saleId = await opened(act);
    if (saleId === undefined) return false;
    const mode = act.random.pick(['ALL_OR_NONE', 'EACH']);
    const lines = [someSaleLine(act.goods, act.random), someSaleLine(act.goods, act.random)];
    const added = await act.ask(addLines, { saleId, mode, lines });
    if (!isDone(added)) return false;
    const answers = added['answers'] as { line: { quantity: number } | null }[];
    const quantity = answers.reduce((sum, { line }) => sum + (line?.quantity ?? 0), 0);
    return quantity > 0 && paid(act, saleId, quantity);
  },
  effects: [unitsSold],
};

/** A customer who leaves. */
export const saleVoid: Step = {
  name: 'saleVoid',
  async act(act) {
    const basket = await openedWithLine(act);
    if (!basket) return false;
    const selection = '... on SaleVoidSuccess { sale { id } }';
    const input = { saleId: basket.saleId, reason: 'left' };
    return isDone(await act.ask({ name: 'saleVoid', selection }, input));
  },
  effects: [found('pos', `SELECT count(*) FROM sale WHERE external_id = $1 AND status = 'VOIDED'`)],
};
