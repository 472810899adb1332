import { isDone, type Mutation } from '../caller.ts';
import { card, someSaleLine } from '../goods.ts';
import { found, type Act } from '../step.ts';

const open: Mutation = { name: 'saleOpen', selection: '... on SaleOpenSuccess { sale { id } }' };
// Asked again, it must name the same lines: it is for baskets to which nobody adds others.
const openWithLine: Mutation = {
  name: 'saleOpen',
  selection: '... on SaleOpenSuccess { sale { id lines { id } } }',
};
const commit: Mutation = {
  name: 'saleCommit',
  selection: '... on SaleCommitSuccess { sale { id receiptNumber } }',
};
export const add: Mutation = {
  name: 'saleLineAdd',
  selection: '... on SaleLineAddSuccess { line { id } }',
};

const counter = ({ goods, mark }: Act) => ({
  ...{ channel: 'COUNTER', registerId: goods.registerId, currencyCode: 'USD', externalId: mark },
});

/** The id of a basket at the counter; undefined when it was refused. */
export async function opened(act: Act): Promise<string | undefined> {
  const basket = await act.ask(open, counter(act));
  return isDone(basket) ? (basket['sale'].id as string) : undefined;
}

/** A basket that is opened with its line. */
export async function openedWithLine(act: Act, line = someSaleLine(act.goods, act.random)) {
  const basket = await act.ask(openWithLine, { ...counter(act), lines: [line] });
  if (!isDone(basket)) return undefined;
  const { id, lines } = basket['sale'];
  return { saleId: id as string, lineId: lines[0].id as string, quantity: line.quantity };
}

/** Paid by card: how many units were sold. */
export async function paid(act: Act, saleId: string, quantity: number): Promise<number> {
  return isDone(await act.ask(commit, { saleId, tenders: card(quantity) })) ? quantity : 0;
}

/** How many units POS has sold. */
export const unitsSold = found(
  'pos',
  `SELECT coalesce(sum(l.quantity), 0) FROM sale s
   JOIN sale_line l ON l.tenant_id = s.tenant_id AND l.sale_id = s.id
   WHERE s.external_id = $1 AND s.status = 'COMMITTED'`,
);
