import { demoTests } from './one-system/demo.ts';
import { guideTests } from './one-system/guide.ts';
import { holdToSaleTests } from './one-system/hold-to-sale.ts';
import { idempotencyTests } from './one-system/idempotency.ts';
import { lineLocationTests } from './one-system/line-location.ts';
import { liveStockTests } from './one-system/live-stock.ts';
import { saleRaceTests } from './one-system/sale-race.ts';
import { shopDayTests } from './one-system/shop-day.ts';
import { variantChangeTests } from './one-system/variant-change.ts';
import { startTestSystem, type Tenant, type TestSystem } from './support/test-system.ts';

/**
 * What kills no process, changes no setting and plants nothing shares one system, each part as a tenant that
 * nobody else uses (ADR 0155).
 */
let test_: TestSystem;
beforeAll(async () => {
  test_ = await startTestSystem();
});
afterAll(() => test_?.stop());

describe.each([
  ['a day in a shop', guideTests('day-in-a-shop.md', { stepsMin: 31 })],
  ['registers, shifts and cash', guideTests('shifts.md', { stepsMin: 19 })],
  ['what is taken off a sale', guideTests('discounts.md', { stepsMin: 11 })],
  ['what comes back of a sale', guideTests('returns.md', { stepsMin: 10 })],
  ['a till without a connection', guideTests('offline.md', { stepsMin: 11 })],
  ['pieces of somebody else', guideTests('consignment.md', { stepsMin: 12 })],
  ['a day of four tills and a web shop', shopDayTests],
  ['a unit that is let', guideTests('rental.md', { stepsMin: 10 })],
  ['the demo', demoTests],
  ['idempotency', idempotencyTests],
  ['races for a sale', saleRaceTests],
  ['a hold that becomes a sale', holdToSaleTests],
  ['lines from another location', lineLocationTests],
  ['a variant that changes', variantChangeTests],
  ['live counts', liveStockTests],
])('%s', (_name, tests) => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await test_.newTenant();
  });
  tests(() => tenant);

  test('every promise holds afterwards', async () => {
    expect(await test_.violations()).toEqual([]);
  });
});
