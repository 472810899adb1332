import { tenantA } from '@onecount/local-stack';
import { eventually, type Shop } from '@onecount/testing';
import type { TestSystem } from '../e2e/support/test-system.ts';
import type { Random } from './random.ts';

/** What one round deals with: nobody else's, and few enough that buyers meet. */
export type Goods = {
  counted: string;
  serialised: { sku: string; serials: string[] };
  convertible: string;
  registerId: string;
  locations: { HQ: string; GM: string };
};

export const usd = (amount: string) => ({ amount, currencyCode: 'USD' });
export const price = usd('10.00');
const countedStock = 6;
const elsewhere = { locationCode: 'GM', quantity: 4 };
const serialStock = 3;
const convertibleStock = 2;

/** Makes the goods of `rounds` rounds in a few calls. */
export async function makeGoods(system: TestSystem, rounds: number): Promise<Goods[]> {
  const { shop } = system;
  const registerId = await shop.openRegister();
  const rows = await system.sources.rows<{ code: string; id: string }>(
    'inventory',
    'SELECT code, id FROM location WHERE tenant_id = $1',
    [tenantA],
  );
  const locations = Object.fromEntries(
    rows.map(({ code, id }) => [code, id]),
  ) as Goods['locations'];
  const goods = Array.from({ length: rounds }, (_, nth): Goods => {
    const serials = Array.from({ length: serialStock }, (_each, n) => `SN-${nth}-${n}`);
    return {
      ...{ counted: `Q-${nth}`, convertible: `C-${nth}`, registerId, locations },
      serialised: { sku: `S-${nth}`, serials },
    };
  });
  for (let at = 0; at < rounds; at += 30) await createProduct(shop, goods.slice(at, at + 30));
  return goods;
}

async function createProduct(shop: Shop, goods: Goods[]): Promise<void> {
  const at = { locationCode: 'HQ' };
  const variants = goods.flatMap(({ counted, convertible, serialised }) => [
    variant(counted, 'QUANTITY', { ...at, quantity: countedStock }, elsewhere),
    variant(convertible, 'QUANTITY', { ...at, quantity: convertibleStock }),
    variant(serialised.sku, 'SERIAL', {
      ...at,
      serials: serialised.serials.map((serial) => ({ serial })),
    }),
  ]);
  const input = {
    ...{
      title: `Goods from ${goods[0]!.counted}`,
      status: 'ACTIVE',
      idempotencyKey: goods[0]!.counted,
    },
    options: [{ name: 'Kind', values: variants.map(({ sku }) => sku) }],
    variants,
  };
  await eventually(async () => {
    const created = await shop.expecting('productCreate', input);
    return !created['inventoryPending'];
  });
}

const variant = (sku: string, tracking: 'QUANTITY' | 'SERIAL', ...openingStock: object[]) => ({
  ...{ sku, tracking, price, openingStock, optionValues: [sku] },
});

/** A line of a sale: some of what is counted, any unit, or one that is named. */
export function someLine(goods: Goods, random: Random) {
  const { sku, serials } = goods.serialised;
  return random.pick([
    { sku: goods.counted, quantity: 1 + random.below(2) },
    { sku, quantity: 1 },
    { sku, serial: random.pick(serials), quantity: 1 },
  ]);
}

/** The same for a sale at HQ, in part from GM or from wherever it is. */
export function someSaleLine(goods: Goods, random: Random) {
  const wishes = [{}, {}, { locationId: goods.locations.GM }, { fulfilFrom: 'ANY_LOCATION' }];
  return { ...someLine(goods, random), ...random.pick(wishes) };
}

export const card = (quantity: number) => [{ kind: 'CARD', amount: usd(`${10 * quantity}.00`) }];
