import { isDone, type Mutation } from '../caller.ts';
import { card, someSaleLine } from '../goods.ts';
import type { Act, Step } from '../step.ts';

const open: Mutation = { name: 'saleOpen', selection: '... on SaleOpenSuccess { sale { id } }' };
// An answer that is asked for again shows the lines that came in the meantime: asked only where none come.
const openFilled: Mutation = {
  name: 'saleOpen',
  selection: '... on SaleOpenSuccess { sale { id lines { id } } }',
};
const add: Mutation = {
  name: 'saleLineAdd',
  selection: '... on SaleLineAddSuccess { line { id } }',
};
const update: Mutation = {
  name: 'saleLineUpdate',
  selection: '... on SaleLineUpdateSuccess { line { quantity } }',
};
const commit: Mutation = {
  name: 'saleCommit',
  selection: '... on SaleCommitSuccess { sale { id receiptNumber } }',
};
const voidSale: Mutation = {
  name: 'saleVoid',
  selection: '... on SaleVoidSuccess { sale { id } }',
};

const place = ({ goods, mark }: Act) => ({
  ...{ channel: 'COUNTER', registerId: goods.registerId, currencyCode: 'USD', externalId: mark },
});
const withStatus = (status: string): Step['effects'] => ({
  service: 'pos',
  text: `SELECT count(*) FROM sale WHERE external_id = $1 AND status = '${status}'`,
});

/** A basket, a line, and payment: three calls. */
export const saleBasket: Step = {
  name: 'basket',
  async act(act) {
    const opened = await act.ask(open, place(act));
    if (!isDone(opened)) return false;
    const saleId = opened['sale'].id as string;
    const line = someSaleLine(act.goods, act.random);
    if (!isDone(await act.ask(add, { saleId, ...line }))) return false;
    return isDone(await act.ask(commit, { saleId, tenders: card(line.quantity) }));
  },
  effects: withStatus('COMMITTED'),
};

async function openWithLine(act: Act): Promise<{ saleId: string; quantity: number } | undefined> {
  const line = someSaleLine(act.goods, act.random);
  const opened = await act.ask(open, { ...place(act), lines: [line] });
  return isDone(opened) ? { saleId: opened['sale'].id, quantity: line.quantity } : undefined;
}

/** A basket that is opened with its line, and payment. */
export const saleOpen: Step = {
  name: 'saleOpen with lines',
  async act(act) {
    const basket = await openWithLine(act);
    if (!basket) return false;
    const { saleId, quantity } = basket;
    return isDone(await act.ask(commit, { saleId, tenders: card(quantity) }));
  },
  effects: withStatus('COMMITTED'),
};

/** A basket whose line becomes larger or smaller before it is paid, or stays because there is not enough. */
export const saleLineUpdate: Step = {
  name: 'saleLineUpdate',
  async act(act) {
    const { goods, random } = act;
    const line = { sku: goods.counted, quantity: 2 };
    const opened = await act.ask(openFilled, { ...place(act), lines: [line] });
    if (!isDone(opened)) return false;
    const { id: saleId, lines } = opened['sale'];
    const wanted = { saleId, lineId: lines[0].id, quantity: random.pick([1, 3]) };
    const updated = await act.ask(update, wanted);
    const quantity = isDone(updated) ? wanted.quantity : line.quantity;
    return isDone(await act.ask(commit, { saleId, tenders: card(quantity) }));
  },
  effects: withStatus('COMMITTED'),
};

/** A customer who leaves. */
export const saleVoid: Step = {
  name: 'saleVoid',
  async act(act) {
    const basket = await openWithLine(act);
    if (!basket) return false;
    return isDone(await act.ask(voidSale, { saleId: basket.saleId, reason: 'left' }));
  },
  effects: withStatus('VOIDED'),
};
