import { money, shared, type Call, type World } from './isolation-call.ts';

/** What a request says of units that are let. */
export const wordsOfRentals = {
  until: '2026-01-08T00:00:00.000Z',
  backAt: '2026-01-08T00:00:00.000Z',
};

/** A unit that is out, and a booking of it for later. */
export async function letUnits(call: Call, { word }: World): Promise<void> {
  const { customer } = await call('customerCreate', { name: word('renter') }, 'customer { id }');
  const piece = { customerId: customer.id, sku: shared.sku, serial: 'SHARED-SN-5' };
  const book = async (from: string, until: string): Promise<string> => {
    const period = { from: `${from}T00:00:00.000Z`, until: `${until}T00:00:00.000Z` };
    const booking = { ...piece, ...period, price: money('20.00'), note: word('for a ball') };
    return (await call('rentalBook', booking, 'rental { id }'))['rental'].id;
  };
  const deposit = { kind: 'CARD', amount: money('50.00'), reference: word('terminal') };
  const rentalId = await book('2026-06-01', '2026-06-08');
  await call('rentalOut', { rentalId, deposit, note: word('as new') }, 'rental { id }');
  await call('rentalBack', { rentalId, note: word('as it was') }, 'rental { id }');
  const cancelled = await book('2026-07-01', '2026-07-08');
  await call('rentalCancel', { rentalId: cancelled }, 'rental { id }');
  await book('2026-08-01', '2026-08-08');
}
