import type { Outcome } from '@onecount/testing';
import { money, shared, type Call, type World } from './isolation-call.ts';

/** A sale that is taken back as a whole, and one of which goods pay for others. */
export async function takeBackAndExchange(
  call: Call,
  { word }: World,
  locationId: string,
): Promise<void> {
  const { locationCode, quantitySku: sku } = shared;
  const found = { sku, locationId, quantity: 3, reason: 'FOUND', note: word('behind the shelf') };
  await call('stockAdjust', found, 'movement { id }');
  const place = { locationCode, registerName: word('till-exchange') };
  const till = await call(
    'registerOpen',
    { ...place, openingFloat: money('100.00') },
    'register { id }',
  );
  const counter = { channel: 'COUNTER', registerId: till['register'].id, currencyCode: 'USD' };
  const basket = async (): Promise<Outcome> =>
    (
      await call(
        'saleOpen',
        { ...counter, lines: [{ sku }] },
        'sale { id total { amount currencyCode } lines { id } }',
      )
    )['sale'];
  const sold = async (): Promise<Outcome> => {
    const sale = await basket();
    const tenders = [{ kind: 'CARD', amount: sale['total'], reference: word('slip-exchange') }];
    await call('saleCommit', { saleId: sale['id'], tenders }, 'sale { id }');
    return sale;
  };
  const note = word('mistake');
  const mistake = { saleId: (await sold())['id'], reason: 'OTHER', note };
  await call('salePostVoid', mistake, 'saleReturn { id }');
  const returned = await sold();
  const exchange = {
    ...{ saleId: (await basket())['id'], returnedSaleId: returned['id'], reason: 'OTHER', note },
    returnedLines: [{ lineId: returned['lines'][0].id }],
  };
  await call('saleExchange', exchange, 'saleReturn { id }');
}
