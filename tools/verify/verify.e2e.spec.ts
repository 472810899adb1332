import { startTestSystem, type TestSystem } from '../e2e/support/test-system.ts';
import type { PromiseId } from './violation.ts';
import type { VerifiedService } from './sources.ts';

/** A checker that finds nothing proves nothing: each promise is broken here by hand, and must be named. */
let test_: TestSystem;
beforeAll(async () => {
  test_ = await startTestSystem({ readsAlong: true });
  const registerId = await test_.shop.openRegister();
  for (let i = 0; i < 3; i++) {
    const { sku } = await test_.shop.createPiece({});
    await test_.shop.buy({ channel: 'COUNTER', registerId, sku });
  }
  await test_.shop.createPiece({ tracking: 'QUANTITY', quantity: 5 });
  const { sku } = await test_.shop.createPiece({ tracking: 'QUANTITY', quantity: 3 });
  const { sale } = await test_.shop.buy({ channel: 'COUNTER', registerId, sku, quantity: 2 });
  const lines = [{ lineId: sale.lines[0].id, quantity: 1 }];
  const back = { saleId: sale.id, registerId, lines, reason: 'FAULTY' };
  await test_.shop.expecting('saleReturn', back);
  await exchange(registerId);
  await sellForAnOwner(registerId);
  await letAUnit();
});
afterAll(() => test_?.stop());

/** A ring for one of another size, at the same price. */
async function exchange(registerId: string): Promise<void> {
  const [wrong, right] = await Promise.all(
    [1, 2].map(() => test_.shop.createPiece({ tracking: 'QUANTITY', quantity: 2 })),
  );
  const { sale } = await test_.shop.buy({ channel: 'COUNTER', registerId, sku: wrong!.sku });
  const lines = [{ sku: right!.sku }];
  const till = { channel: 'COUNTER', registerId, currencyCode: 'USD' };
  const { sale: basket } = await test_.shop.expecting('saleOpen', { ...till, lines });
  await test_.shop.expecting('saleExchange', {
    ...{ saleId: basket.id, returnedSaleId: sale.id, reason: 'WRONG_SIZE' },
    returnedLines: [{ lineId: sale.lines[0].id }],
  });
}

/** A piece that belongs to somebody else. */
async function sellForAnOwner(registerId: string): Promise<void> {
  const { sku, serials } = await test_.shop.createPiece({});
  const { customer } = await test_.shop.expecting('customerCreate', { name: 'Ada Keller' });
  const terms = { ownerId: customer.id, currencyCode: 'USD', ownerSharePercent: '60' };
  const { agreement } = await test_.shop.expecting('consignmentOpen', terms);
  const piece = { agreementId: agreement.id, sku, serial: serials[0] };
  await test_.shop.expecting('consignmentPieceAdd', piece);
  await test_.shop.buy({ channel: 'COUNTER', registerId, sku, serial: serials[0] });
}

/** A unit that is out. */
async function letAUnit(): Promise<void> {
  const { sku, serials } = await test_.shop.createPiece({});
  const { customer } = await test_.shop.expecting('customerCreate', { name: 'Ada Keller' });
  const period = { from: '2026-06-01T00:00:00Z', until: '2026-06-08T00:00:00Z' };
  const price = { amount: '20.00', currencyCode: 'USD' };
  const booking = { customerId: customer.id, sku, serial: serials[0], ...period, price };
  const { rental } = await test_.shop.expecting('rentalBook', booking);
  await test_.shop.expecting('rentalOut', { rentalId: rental.id });
}

test('a healthy system has no violations', async () => {
  expect(await test_.violations()).toEqual([]);
});

type Plant = {
  promise: PromiseId;
  says: RegExp;
  service: VerifiedService;
  break: string;
  mend: string;
};

// As superuser, with triggers off: what no service can do.
const plants: Plant[] = [
  {
    promise: 'I3',
    says: /the total of a sale is its lines, the tax/,
    service: 'pos',
    break: `UPDATE sale SET rounding_minor = 1
      WHERE ctid = (SELECT ctid FROM sale WHERE status = 'COMMITTED' AND rounding_minor = 0 LIMIT 1)`,
    mend: 'UPDATE sale SET rounding_minor = 0 WHERE rounding_minor = 1',
  },
  {
    promise: 'I3',
    says: /what was paid for a taxed line/,
    service: 'pos',
    break: `INSERT INTO sale_tax (tenant_id, sale_id, line_id, component, rate, scheme, base_minor, tax_minor, added_minor)
      SELECT l.tenant_id, l.sale_id, l.id, 'PLANTED', 20, 'STANDARD', 0, 0, 0 FROM sale_line l
        JOIN sale s ON s.tenant_id = l.tenant_id AND s.id = l.sale_id AND s.status = 'COMMITTED'
       WHERE l.total_minor > 0 LIMIT 1`,
    mend: `DELETE FROM sale_tax WHERE component = 'PLANTED'`,
  },
  {
    promise: 'I3',
    says: /a promotion is taken as often/,
    service: 'pos',
    break: `INSERT INTO promotion (tenant_id, id, code, basis_points, uses_max, uses_taken, added_by)
      SELECT tenant_id, '00000000-0000-7000-8000-00000000000d', 'PLANTED', 100, 1, 1, 'planted' FROM sale LIMIT 1`,
    mend: `DELETE FROM promotion WHERE code = 'PLANTED'`,
  },
  {
    promise: 'I3',
    says: /what is taken off a line is the shares/,
    service: 'pos',
    break: `UPDATE sale_line SET discount_minor = 1
      WHERE ctid = (SELECT ctid FROM sale_line WHERE discount_minor = 0 AND total_minor > 0 LIMIT 1)`,
    mend: 'UPDATE sale_line SET discount_minor = 0 WHERE discount_minor = 1',
  },
  {
    promise: 'I1',
    says: /at most one live claim/,
    service: 'inventory',
    break: `DROP INDEX hold_one_claim_per_unit;
      INSERT INTO hold SELECT (jsonb_populate_record(NULL::hold, to_jsonb(h) ||
        '{"id": "00000000-0000-7000-8000-000000000001", "line_id": "00000000-0000-7000-8000-000000000002"}')).*
      FROM hold h WHERE status = 'SOLD' LIMIT 1`,
    mend: `DELETE FROM hold WHERE id = '00000000-0000-7000-8000-000000000001';
      CREATE UNIQUE INDEX hold_one_claim_per_unit ON hold (tenant_id, serial_unit_id)
        WHERE status IN ('LIVE', 'SOLD') AND serial_unit_id IS NOT NULL`,
  },
  {
    promise: 'I1',
    says: /oversold/,
    service: 'inventory',
    break: `ALTER TABLE level DROP CONSTRAINT level_available_floor, DROP CONSTRAINT level_on_hand_floor;
      UPDATE level SET on_hand = on_hand - 100 WHERE on_hand = 5`,
    mend: 'UPDATE level SET on_hand = on_hand + 100 WHERE on_hand = -95',
  },
  {
    promise: 'I2',
    says: /applied every committed sale/,
    service: 'inventory',
    break: `UPDATE sale_claim SET sale_id = '00000000-0000-7000-8000-000000000003'
      WHERE sale_id = (SELECT min(sale_id::text)::uuid FROM sale_claim)`,
    mend: `UPDATE sale_claim SET sale_id = (SELECT reference_id::uuid FROM movement WHERE reason = 'SALE'
        AND reference_id NOT IN (SELECT sale_id::text FROM sale_claim))
      WHERE sale_id = '00000000-0000-7000-8000-000000000003'`,
  },
  {
    promise: 'I2',
    says: /left the location that the line names/,
    service: 'pos',
    break: `UPDATE sale_line SET location_id = '00000000-0000-7000-8000-000000000007'
      WHERE id = (SELECT min(id::text)::uuid FROM sale_line)`,
    mend: `UPDATE sale_line SET location_id = (SELECT location_id FROM sale_line
        WHERE location_id <> '00000000-0000-7000-8000-000000000007' LIMIT 1)
      WHERE location_id = '00000000-0000-7000-8000-000000000007'`,
  },
  {
    promise: 'I2',
    says: /what its Z report says/,
    service: 'pos',
    break: `INSERT INTO z_report (tenant_id, id, register_id, number, shift_id, register_name, location_id, location_code,
        opened_at, opened_by, closed_at, closed_by, figures, tenders, denominations)
      SELECT h.tenant_id, '00000000-0000-7000-8000-000000000008', h.register_id, 1, h.id, 'till', h.id, 'HQ', now(), 'a',
        now(), 'a', '{"sales": [{"count": 2, "totalMinor": 1}]}', '[]', '[]' FROM shift h LIMIT 1`,
    mend: `DELETE FROM z_report WHERE id = '00000000-0000-7000-8000-000000000008'`,
  },
  {
    promise: 'I3',
    says: /pending for more than/,
    service: 'pos',
    break: `INSERT INTO sale (tenant_id, id, channel, status, currency_code, opened_by, pending_at, settle_after)
      SELECT tenant_id, '00000000-0000-7000-8000-000000000004', 'WEB', 'PENDING', 'USD', 'nobody',
        now() - interval '1 hour', now() + interval '1 day' FROM sale LIMIT 1`,
    mend: `DELETE FROM sale WHERE id = '00000000-0000-7000-8000-000000000004'`,
  },
  {
    promise: 'I3',
    says: /holds nothing/,
    service: 'inventory',
    break: `INSERT INTO sale_claim (tenant_id, sale_id, status)
      SELECT tenant_id, '00000000-0000-7000-8000-000000000005', 'CLAIMED' FROM sale_claim LIMIT 1`,
    mend: `DELETE FROM sale_claim WHERE sale_id = '00000000-0000-7000-8000-000000000005'`,
  },
  {
    promise: 'I3',
    says: /has both documents or neither/,
    service: 'pos',
    break: `UPDATE sale_exchange SET return_id = '00000000-0000-7000-8000-000000000009'`,
    mend: `UPDATE sale_exchange SET return_id = (SELECT id FROM sale_return WHERE kind = 'EXCHANGE')`,
  },
  {
    promise: 'I3',
    says: /what comes back pays what it says/,
    service: 'pos',
    break: `UPDATE sale_return_refund SET amount_minor = amount_minor - 1 WHERE kind = 'EXCHANGE'`,
    mend: `UPDATE sale_return_refund SET amount_minor = amount_minor + 1 WHERE kind = 'EXCHANGE'`,
  },
  {
    promise: 'I5',
    says: /paid of a lay-by is its payments/,
    service: 'pos',
    break: `INSERT INTO lay_by (tenant_id, sale_id, currency_code, total_minor, deposit_minor, paid_minor, fee_minor,
        grace_days, expiry, reminder_days, opened_by, outcome, ended_at)
      SELECT tenant_id, id, currency_code, total_minor, 1, total_minor, 0, 1, 'TELL', 1, 'a', 'COMPLETED', now()
        FROM sale WHERE status = 'COMMITTED' AND total_minor > 1 LIMIT 1`,
    mend: `DELETE FROM lay_by WHERE opened_by = 'a'`,
  },
  {
    promise: 'I3',
    says: /claim of every open lay-by/,
    service: 'pos',
    break: `INSERT INTO sale (tenant_id, id, channel, status, currency_code, total_minor, opened_by, pending_at, settle_after,
        payment_due_at, lay_by)
      SELECT tenant_id, '00000000-0000-7000-8000-00000000000b', 'WEB', 'PENDING', 'USD', 100, 'nobody',
        now() - interval '1 hour', 'infinity', 'infinity', true FROM sale LIMIT 1;
      INSERT INTO sale_line (tenant_id, sale_id, id, position, sku, title, tracking, quantity, unit_price_minor)
      SELECT tenant_id, id, id, 0, 'X', 'x', 'QUANTITY', 1, 100 FROM sale WHERE id = '00000000-0000-7000-8000-00000000000b';
      INSERT INTO lay_by (tenant_id, sale_id, currency_code, total_minor, deposit_minor, fee_minor, grace_days, expiry,
        reminder_days, opened_by)
      SELECT tenant_id, id, 'USD', 100, 1, 0, 1, 'TELL', 1, 'b' FROM sale WHERE id = '00000000-0000-7000-8000-00000000000b'`,
    mend: `DELETE FROM lay_by WHERE opened_by = 'b';
      DELETE FROM sale_line WHERE sale_id = '00000000-0000-7000-8000-00000000000b';
      DELETE FROM sale WHERE id = '00000000-0000-7000-8000-00000000000b'`,
  },
  {
    promise: 'I4',
    says: /sum of the movements/,
    service: 'inventory',
    break: 'UPDATE level SET on_hand = on_hand + 1 WHERE on_hand = 5',
    mend: 'UPDATE level SET on_hand = on_hand - 1 WHERE on_hand = 6',
  },
  {
    promise: 'I4',
    says: /storefront copy/,
    service: 'storefront-sync',
    break: 'UPDATE known_level SET available = available + 7 WHERE available = 5',
    mend: 'UPDATE known_level SET available = available - 7 WHERE available = 12',
  },
  {
    promise: 'I5',
    says: /counted every sold line once/,
    service: 'catalog',
    break: 'UPDATE variant_sales SET quantity_sold = quantity_sold + 1',
    mend: 'UPDATE variant_sales SET quantity_sold = quantity_sold - 1',
  },
  {
    promise: 'I5',
    says: /no event is dead/,
    service: 'pos',
    break: `INSERT INTO dead_event (tenant_id, consumer, event_id, topic, key, headers, value, reason, attempts)
      SELECT tenant_id, 'planted', 'x', 'x', 'x', '{}', '{}', 'planted', 1 FROM sale LIMIT 1`,
    mend: `DELETE FROM dead_event WHERE consumer = 'planted'`,
  },
  {
    promise: 'I5',
    says: /every outbox event is in its topic/,
    service: 'pos',
    break: `UPDATE outbox SET traceparent = event_id::text, event_id = '00000000-0000-7000-8000-000000000006'
      WHERE position = (SELECT min(position) FROM outbox)`,
    mend: `UPDATE outbox SET event_id = traceparent::uuid, traceparent = NULL
      WHERE event_id = '00000000-0000-7000-8000-000000000006'`,
  },
  {
    promise: 'I5',
    says: /applied every return exactly once/,
    service: 'inventory',
    break: 'UPDATE sale_return_line SET quantity = quantity + 1',
    mend: 'UPDATE sale_return_line SET quantity = quantity - 1',
  },
  {
    promise: 'I5',
    says: /of no sale more came back than it took/,
    service: 'inventory',
    break: `UPDATE movement SET quantity = quantity + 2 WHERE reason = 'RETURN'`,
    mend: `UPDATE movement SET quantity = quantity - 2 WHERE reason = 'RETURN'`,
  },
  {
    promise: 'I5',
    says: /of no line more came back than was sold/,
    service: 'pos',
    break: `ALTER TABLE sale_line DROP CONSTRAINT sale_line_returned_at_most_sold;
      UPDATE sale_line SET returned_quantity = 3 WHERE returned_quantity = 1`,
    mend: 'UPDATE sale_line SET returned_quantity = 1 WHERE returned_quantity = 3',
  },
  {
    promise: 'I5',
    says: /of no tender more was given back than it paid/,
    service: 'pos',
    break: `ALTER TABLE sale_tender DROP CONSTRAINT sale_tender_refunded_at_most_kept;
      UPDATE sale_tender SET refunded_minor = refunded_minor + 1000000 WHERE refunded_minor > 0`,
    mend: 'UPDATE sale_tender SET refunded_minor = refunded_minor - 1000000 WHERE refunded_minor > 0',
  },
  {
    promise: 'I5',
    says: /owed to an owner is the sum/,
    service: 'pos',
    break: 'UPDATE consignment_account SET balance_minor = balance_minor + 1',
    mend: 'UPDATE consignment_account SET balance_minor = balance_minor - 1',
  },
  {
    promise: 'I5',
    says: /sold as often as its entries say/,
    service: 'pos',
    break: 'UPDATE consignment_piece SET sold_quantity = 0 WHERE sold_quantity = 1',
    mend: 'UPDATE consignment_piece SET sold_quantity = 1',
  },
  {
    promise: 'I5',
    says: /sold while it was in consignment is owed once/,
    service: 'pos',
    break: `ALTER TABLE consignment_entry DROP CONSTRAINT consignment_entry_names_its_return;
      UPDATE consignment_entry SET kind = 'TAKEN_BACK', amount_minor = -amount_minor`,
    mend: `UPDATE consignment_entry SET kind = 'SOLD', amount_minor = -amount_minor`,
  },
  {
    promise: 'I3',
    says: /keeps the units of rentals that are out/,
    service: 'pos',
    break: `ALTER TABLE rental DROP CONSTRAINT rental_out_whole;
      UPDATE rental SET status = 'BOOKED' WHERE status = 'OUT'`,
    mend: `UPDATE rental SET status = 'OUT' WHERE status = 'BOOKED'`,
  },
  {
    promise: 'I5',
    says: /sum of its ledger/,
    service: 'pos',
    break: `INSERT INTO stored_value (tenant_id, id, kind, currency_code, number, code_hash, balance_minor, active_at, issued_by)
      SELECT tenant_id, '00000000-0000-7000-8000-000000000007', 'GIFT_CARD', 'EUR', '3333', sha256('planted'), 100, now(), 'x'
        FROM sale LIMIT 1`,
    mend: `DELETE FROM stored_value WHERE id = '00000000-0000-7000-8000-000000000007'`,
  },
  {
    promise: 'I5',
    says: /was taken once/,
    service: 'pos',
    break: `INSERT INTO stored_value (tenant_id, id, kind, currency_code, number, code_hash, active_at, issued_by)
      SELECT tenant_id, '00000000-0000-7000-8000-000000000008', 'GIFT_CARD', 'EUR', '3333', sha256('spent'), now(), 'x'
        FROM sale LIMIT 1;
      INSERT INTO sale_tender (tenant_id, sale_id, position, kind, amount_minor, stored_value_id)
      SELECT tenant_id, id, 99, 'GIFT_CARD', 1, '00000000-0000-7000-8000-000000000008' FROM sale WHERE status = 'COMMITTED' LIMIT 1`,
    mend: `DELETE FROM sale_tender WHERE position = 99;
      DELETE FROM stored_value WHERE id = '00000000-0000-7000-8000-000000000008'`,
  },
  {
    promise: 'I5',
    says: /what its line was sold for/,
    service: 'pos',
    break: `UPDATE sale_line l SET gift_card_id = '00000000-0000-7000-8000-000000000009', tracking = 'NONE',
        note = l.tracking
      WHERE (l.tenant_id, l.sale_id, l.id) = (SELECT x.tenant_id, x.sale_id, x.id FROM sale_line x
        JOIN sale s ON s.tenant_id = x.tenant_id AND s.id = x.sale_id
        WHERE s.status = 'COMMITTED' AND x.quantity = 1 AND x.total_minor > 0 AND x.note IS NULL LIMIT 1)`,
    mend: `UPDATE sale_line SET tracking = note, note = NULL, gift_card_id = NULL
      WHERE gift_card_id = '00000000-0000-7000-8000-000000000009'`,
  },
  {
    promise: 'I6',
    says: /forced row-level security/,
    service: 'workshop',
    break: 'CREATE TABLE open_door (tenant_id uuid NOT NULL PRIMARY KEY)',
    mend: 'DROP TABLE open_door',
  },
];

test.each(plants)('a planted violation of $promise is found: $says', async (plant) => {
  await test_.drained();
  await test_.sources.rows(plant.service, `SET session_replication_role = replica; ${plant.break}`);
  const found = await test_.findViolations();
  await test_.sources.rows(plant.service, `${plant.mend}; SET session_replication_role = origin`);
  expect(found).toContainEqual(
    expect.objectContaining({
      promise: plant.promise,
      check: expect.stringMatching(plant.says) as string,
    }),
  );
});

test('after mending there are none again', async () => {
  expect(await test_.violations()).toEqual([]);
});
