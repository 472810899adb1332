import { shared, type Call, type World } from './isolation-call.ts';
import { wordsOfConsignments } from './isolation-consignments.ts';
import { wordsOfRentals } from './isolation-rentals.ts';

/** What a request says of a person; with its input before it, what elsewhere is called so and is something else. */
export const wordsOfPeople = {
  address: 'person@other.example',
  label: 'of the other tenant',
  lines: 'of the other tenant',
  postalCode: '10969',
  city: 'of the other tenant',
  region: 'of the other tenant',
  countryCode: 'DE',
  duplicateVersion: 0,
  'CustomerPhoneInput.number': '+4930123457',
  'CustomerSizeInput.value': '6',
  'CustomerSizeInput.place': 'of the other tenant',
  ...wordsOfConsignments,
  ...wordsOfRentals,
};

/** Persons: one that buys, with a second who became it and a third with the same telephone, and one that was forgotten. */
export async function knowPeople(call: Call, { word }: World): Promise<void> {
  const { locationCode, quantitySku } = shared;
  const customer = 'customer { id version }';
  const made = async (label: string): Promise<{ id: string; version: number }> => {
    const facts = {
      name: word(label),
      note: word('likes'),
      emails: [{ address: `${word(label)}@mail.example`, label: word('private') }],
      // The same person may be known to two tenants.
      phones: [{ number: '+4930123456', label: word('home') }],
      addresses: [{ lines: [word('street')], city: word('town'), countryCode: 'DE' }],
      sizes: [{ kind: 'RING', system: 'EU', value: '54', place: word('finger') }],
    };
    return (await call('customerCreate', facts, customer))['customer'];
  };
  const buyer = await made('buyer');
  const customerId = buyer.id;
  const note = word('likes pearls');
  await call('customerUpdate', { customerId, version: buyer.version, note }, customer);
  const said = { purpose: 'EMAIL_MARKETING', isGiven: true, how: 'WRITTEN', note: word('form') };
  const known = await call('customerConsentRecord', { customerId, ...said }, customer);
  const twin = await made('twin');
  const duplicate = { duplicateId: twin.id, duplicateVersion: twin.version };
  const { version } = known['customer'];
  await call('customersMerge', { customerId, version, ...duplicate }, customer);
  await call('customerExport', { customerId }, 'document');

  const open = { channel: 'WEB', locationCode, currencyCode: 'USD', lines: [{ sku: quantitySku }] };
  const { sale } = await call('saleOpen', open, 'sale { id total { amount currencyCode } }');
  await call('saleCustomerSet', { saleId: sale.id, customerId }, 'sale { id }');
  const tenders = [{ kind: 'CARD', amount: sale.total, reference: word('slip of the buyer') }];
  await call('saleCommit', { saleId: sale.id, tenders }, 'sale { id }');
  await call('receiptMail', { saleId: sale.id }, 'print { id }');
  await made('relative');

  const gone = await made('gone');
  await call('customerErase', { customerId: gone.id, version: gone.version }, 'customerId');
}
