import { money, shared, type Call, type World } from './isolation-call.ts';

/** What a request says of pieces of others. */
export const wordsOfConsignments = {
  ownerSharePercent: '60',
  validFrom: '2026-01-01T00:00:00.000Z',
  validUntil: '2100-01-01T00:00:00.000Z',
};

/** An owner with goods that are here, sold, brought back, paid for and given back, and with an agreement that was ended. */
export async function sellForOthers(call: Call, { word }: World): Promise<void> {
  const { locationCode, quantitySku } = shared;
  const { customer } = await call('customerCreate', { name: word('owner') }, 'customer { id }');
  const terms = { ownerId: customer.id, currencyCode: 'USD', ownerSharePercent: '60' };
  const opened = async (label: string): Promise<string> => {
    const texts = { reference: word(label), note: word('signed') };
    return (await call('consignmentOpen', { ...terms, ...texts }, 'agreement { id }'))['agreement']
      .id;
  };
  const agreementId = await opened('paper');
  await call('consignmentEnd', { agreementId: await opened('old paper') }, 'agreement { id }');
  const goods = { agreementId, sku: quantitySku, quantity: 2 };
  const { piece } = await call('consignmentPieceAdd', goods, 'piece { id }');
  const order = { channel: 'WEB', locationCode, currencyCode: 'USD' };
  const lines = [{ sku: quantitySku, unitPrice: money('10.00') }];
  const tenders = [{ kind: 'CARD', amount: money('10.00'), reference: word('card') }];
  await call('saleRecord', { ...order, lines, tenders }, 'sale { id }');
  const pay = { agreementId, amount: money('1.00'), reference: word('transfer') };
  await call('consignmentPay', pay, 'entry { id }');
  const back = { pieceId: piece.id, quantity: 1, locationCode, note: word('not sold') };
  await call('consignmentPieceReturn', back, 'consignmentReturn { id }');
}
