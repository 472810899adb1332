import { expectEqual, SceneFailure } from './expectation.ts';
import type { Graph } from './graph.ts';
import { price, type Piece } from './piece.ts';
import { clock, money, type Stage } from './stage.ts';

export type Basket = { saleId: string; heldUntil: string };

const tillName = 'Demo till';

/** The demo's till; it stays open between runs. */
async function openTill(cashier: Graph, locationCode: string): Promise<string> {
  const answer = await cashier.mutate(
    'registerOpen',
    { locationCode, registerName: tillName },
    {
      success: 'register { id }',
      refusals: '... on RegisterAlreadyOpen { registerId }',
    },
  );
  if (answer.__typename === 'RegisterAlreadyOpen') return answer['registerId'] as string;
  if (answer.__typename === 'RegisterOpenSuccess') return answer['register'].id as string;
  throw new SceneFailure(`registerOpen answered ${answer.__typename}: ${answer.message}`);
}

/** Saturday: a walk-in wants it, and it lies on the counter. */
export async function putIntoBasket(
  cashier: Graph,
  { piece, stage, location }: { piece: Piece; stage: Stage; location: string },
): Promise<Basket> {
  stage.step('Counter: the brooch goes into a basket');
  const registerId = await openTill(cashier, location);
  const opening = { channel: 'COUNTER', registerId, currencyCode: price.currencyCode };
  const { sale } = await cashier.succeed('saleOpen', opening, 'sale { id status }');
  const { sku, serial } = piece;
  const { line } = await cashier.succeed(
    'saleLineAdd',
    { saleId: sale.id, sku, serial },
    'line { title serial heldUntil total { amount currencyCode } }',
  );
  expectEqual('the line', { serial: line.serial, total: line.total }, { serial, total: price });
  stage.fact('line', `${line.title}, serial ${line.serial}, ${money(line.total)}`);
  stage.fact('held', `until ${clock(line.heldUntil)}`);
  return { saleId: sale.id, heldUntil: line.heldUntil };
}

/** The walk-in pays; the receipt number. */
export async function pay(cashier: Graph, basket: Basket, stage: Stage): Promise<string> {
  stage.step('Counter: the walk-in pays');
  const { sale } = await cashier.succeed(
    'saleCommit',
    { saleId: basket.saleId, tenders: [{ kind: 'CARD', amount: price }] },
    'sale { status receiptNumber total { amount currencyCode } tenders { kind } }',
  );
  const { status, total } = sale;
  expectEqual('the sale', { status, total }, { status: 'COMMITTED', total: price });
  if (!sale.receiptNumber) throw new SceneFailure('the committed sale has no receipt number');
  const tender = sale.tenders[0].kind;
  stage.fact('sale', `${status}, receipt ${sale.receiptNumber}, ${money(total)} by ${tender}`);
  return sale.receiptNumber as string;
}
