import { randomUUID } from 'node:crypto';
import type { FailpointName } from '@onecount/failpoint';
import { eventually } from '@onecount/testing';
import { customersOf } from './customer.harness.ts';
import { startProcesses } from './pos-process.ts';
import { rentalsOf } from './rental.harness.ts';
import { startShop, type Shop } from './shop.harness.ts';

// A pos process dies by SIGKILL while a unit goes out or comes back; another one takes over.

let shop: Shop;
let processes: Awaited<ReturnType<typeof startProcesses>>;
let customerId: string;
beforeAll(async () => {
  // The process under test does everything: the one of the harness never sweeps.
  shop = await startShop({ SWEEP_INTERVAL_MS: '3600000', SWEEP_AFTER_SECONDS: '0.2' });
  processes = await startProcesses(shop);
  customerId = (await customersOf(shop).create({ name: 'Ada Keller' }))['customer'].id;
});
afterEach(() => processes.endAll());
afterAll(async () => {
  await processes?.stop();
  await shop?.stop();
});

async function booked(serial: string): Promise<string> {
  const sku = `TIARA-${serial}`;
  await shop.product({ sku, tracking: 'SERIAL', serial });
  const period = { from: '2026-06-01T10:00:00Z', until: '2026-06-08T10:00:00Z' };
  const price = { amount: '120.00', currencyCode: 'EUR' };
  const booking = { customerId, sku, serial, ...period, price };
  return (await rentalsOf(shop).book(booking))['rental'].id;
}

async function stateOf(rentalId: string) {
  const [rental] = await shop.rows(
    'pos',
    `SELECT status, settle_after IS NULL AS settled, deposit_minor::int AS deposit,
            (SELECT count(*)::int FROM outbox o WHERE o.aggregate_id = r.id::text) AS events FROM rental r WHERE id = $1`,
    [rentalId],
  );
  const [kept] = await shop.rows(
    'inventory',
    `SELECT count(*)::int AS live FROM hold WHERE reference_id = $1 AND status = 'LIVE'`,
    [rentalId],
  );
  return { ...rental, ...kept };
}

async function dies(
  point: FailpointName,
  run: (pos: ReturnType<typeof rentalsOf>) => Promise<unknown>,
) {
  const first = await processes.start();
  await processes.arm(point);
  await expect(run(rentalsOf(first))).rejects.toThrow();
  await first.exited;
  return rentalsOf(await processes.start());
}

const becomes = (rentalId: string, state: object) =>
  eventually(async () => {
    expect(await stateOf(rentalId)).toEqual(state);
    return true;
  });

const deposit = { kind: 'CARD', amount: { amount: '50.00', currencyCode: 'EUR' }, reference: 'a' };

it('dies after the hold: the unit is free again, and the same key hands it out', async () => {
  const rentalId = await booked('out-1');
  const input = { rentalId, deposit, idempotencyKey: randomUUID() };
  const pos = await dies('rental-out.after-hold', (one) => one.out(input));
  await becomes(rentalId, { status: 'BOOKED', settled: true, deposit: 0, events: 0, live: 0 });
  expect((await pos.out(input))['rental'].status).toBe('OUT');
  expect(await stateOf(rentalId)).toEqual({
    status: 'OUT',
    settled: true,
    deposit: 5000,
    events: 0,
    live: 1,
  });
});

it('dies after it is out: it stays out and kept, and the same key says so', async () => {
  const rentalId = await booked('out-2');
  const input = { rentalId, deposit, idempotencyKey: randomUUID() };
  const pos = await dies('rental-out.after-commit', (one) => one.out(input));
  expect((await pos.out(input))['rental'].status).toBe('OUT');
  await becomes(rentalId, { status: 'OUT', settled: true, deposit: 5000, events: 0, live: 1 });
});

it('dies after it is back: the unit is let go by itself, and the income is one event', async () => {
  const rentalId = await booked('back-1');
  await rentalsOf(shop).out({ rentalId, deposit });
  const input = { rentalId, idempotencyKey: randomUUID() };
  const pos = await dies('rental-back.after-commit', (one) => one.back(input));
  await becomes(rentalId, { status: 'BACK', settled: true, deposit: 5000, events: 1, live: 0 });
  expect((await pos.back(input))['rental'].status).toBe('BACK');
});
