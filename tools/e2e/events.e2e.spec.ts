import { randomUUID } from 'node:crypto';
import { eventually } from '@onecount/testing';
import type { ReceivedMessage, TransportMessage } from '@onecount/messaging';
import { tenantA } from '@onecount/local-stack';
import { createDeadEventClient } from '../dead-events/client.ts';
import { localOperator } from '../dead-events/config.ts';
import { allTopicNames, readTopics } from '../verify/topics.ts';
import { startTestSystem, type TestSystem } from './support/test-system.ts';

/** The log misbehaves: it delivers twice, out of order, everything again, and nonsense. */
let test_: TestSystem;
let registerId: string;
beforeAll(async () => {
  test_ = await startTestSystem();
  registerId = await test_.shop.openRegister();
  for (let i = 0; i < 5; i++) {
    const { sku } = await test_.shop.createPiece({});
    await test_.shop.buy({ channel: 'COUNTER', registerId, sku });
  }
  await test_.drained();
});
afterAll(() => test_?.stop());

const asSent = ({ topic, key, headers, value }: ReceivedMessage): TransportMessage => ({
  topic,
  key,
  headers,
  value,
});
const state = async (): Promise<unknown> => ({
  levels: await test_.sources.rows('inventory', 'SELECT * FROM level ORDER BY 1, 2, 3'),
  movements: await test_.sources.rows('inventory', 'SELECT * FROM movement ORDER BY id'),
  units: await test_.sources.rows('inventory', 'SELECT * FROM serial_unit ORDER BY id'),
  sales: await test_.sources.rows('catalog', 'SELECT * FROM variant_sales ORDER BY 2'),
  copies: await test_.sources.rows('storefront-sync', 'SELECT * FROM known_level ORDER BY 1, 2, 3'),
});

const obstacle = `
  CREATE FUNCTION planted_obstacle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'planted obstacle'; END $$;
  CREATE TRIGGER planted_obstacle BEFORE INSERT ON movement FOR EACH ROW
    WHEN (NEW.reason = 'SALE') EXECUTE FUNCTION planted_obstacle()`;

test('an event that could not be applied is replayed after the fix, and applied once', async () => {
  await test_.drained();
  const { privateJwk } = (await localOperator(test_.home))!;
  const { url } = test_.system.services.inventory;
  const operator = createDeadEventClient({ service: 'inventory', url, privateJwk });
  await test_.sources.rows('inventory', obstacle);
  const { sku } = await test_.shop.createPiece({});
  const bought = await test_.shop.buy({ channel: 'COUNTER', registerId, sku });
  expect(bought.__typename).toBe('SaleCommitSuccess');
  const { total, deadEvents } = await eventually(async () => {
    const list = await operator.list();
    return list.total === 1 && list;
  });
  expect({ total, deadEvents }).toEqual({
    total: 1,
    deadEvents: [
      {
        id: expect.any(String),
        tenantId: tenantA,
        consumer: expect.stringMatching(/^inventory\./),
        eventId: expect.any(String),
        type: 'pos.sale-committed',
        topic: 'onecount.pos.sale.v1',
        reason: expect.stringContaining('planted obstacle'),
        attempts: 5,
        diedAt: expect.any(String),
        ...{ discardedAt: null, discardedBy: null, discardReason: null },
      },
    ],
  });
  const { id } = deadEvents[0]!;
  expect(await operator.replay(id)).toEqual({ replayed: 0, failed: 1 });

  await test_.sources.rows('inventory', 'DROP FUNCTION planted_obstacle CASCADE');
  expect(await operator.replay(id)).toEqual({ replayed: 1, failed: 0 });
  expect(await operator.replay(id)).toEqual({ replayed: 0, failed: 0 });
  expect(await operator.list()).toEqual({ total: 0, deadEvents: [] });
  const movements = await test_.sources.rows(
    'inventory',
    `SELECT quantity FROM movement WHERE reason = 'SALE' AND reference_id = $1`,
    [bought['saleId']],
  );
  expect(movements).toEqual([{ quantity: -1 }]);
  expect(await test_.violations()).toEqual([]);
});

test('every event delivered again changes nothing', async () => {
  const messages = await readTopics(test_.transport, allTopicNames());
  expect(messages.length).toBeGreaterThan(20);
  const before = await state();
  await test_.transport.publish(messages.map(asSent));
  expect(await test_.violations()).toEqual([]);
  expect(await state()).toEqual(before);
});

test('the same events in reverse order, under new ids, change no copy: the newest version wins', async () => {
  const levels = await readTopics(test_.transport, ['onecount.inventory.stock-level.v1']);
  const before = await state();
  const reversed = levels.toReversed().map((message) => ({
    ...asSent(message),
    headers: { ...message.headers, ce_id: randomUUID() },
  }));
  await test_.transport.publish(reversed);
  await test_.drained();
  expect(await state()).toEqual(before);
});

test('a sale under a new event id is applied once, by everyone who counts sales', async () => {
  const sales = await readTopics(test_.transport, ['onecount.pos.sale.v1']);
  const [movementsBefore] = await test_.sources.rows('inventory', 'SELECT count(*) FROM movement');
  const again = sales.map((message) => ({
    ...asSent(message),
    headers: { ...message.headers, ce_id: randomUUID() },
  }));
  await test_.transport.publish(again);
  await test_.drained();
  const [movementsAfter] = await test_.sources.rows('inventory', 'SELECT count(*) FROM movement');
  expect(movementsAfter).toEqual(movementsBefore);
  // The test before this one put events into the topic in reverse: the checker rightly says so.
  const violations = await test_.violations();
  expect(violations.filter(({ check }) => check !== 'events stand in order per key')).toEqual([]);
});

test('a poison event goes to the dead events, shows in the metric, and blocks nobody', async () => {
  const [sale] = await readTopics(test_.transport, ['onecount.pos.sale.v1']);
  const poison = {
    ...asSent(sale!),
    headers: { ...sale!.headers, ce_id: randomUUID() },
    value: '{"saleId": 7}',
  };
  await test_.transport.publish([poison]);
  const { sku } = await test_.shop.createPiece({});
  const bought = await test_.shop.buy({ channel: 'WEB', locationCode: 'HQ', sku });
  expect(bought.__typename).toBe('SaleCommitSuccess');
  // Each that consumes it gives it up for itself.
  const dead = await eventually(async () => {
    const rows = await test_.sources.rows<{ consumer: string; reason: string; event_id: string }>(
      'inventory',
      'SELECT consumer, reason, event_id FROM dead_event WHERE replayed_at IS NULL ORDER BY consumer',
    );
    return rows.length === 2 && rows;
  });
  const given = { event_id: poison.headers.ce_id, reason: expect.stringContaining('saleId') };
  expect(dead).toEqual([
    { consumer: 'inventory.item-ledger', ...given },
    { consumer: 'inventory.sale-apply', ...given },
  ]);
  await eventually(async () => {
    const metrics = await fetch(`${test_.system.services.inventory.url}/metrics`);
    return /onecount_dead_events\{[^}]*\} [1-9]/.test(await metrics.text());
  });
});

test('what nobody will ever apply is put away with a reason, and the books are in order again', async () => {
  const noType = { topic: 'onecount.pos.sale.v1', key: 'none', headers: {}, value: 'not an event' };
  await test_.transport.publish([noType]);
  const consuming = ['catalog', 'inventory', 'workshop', 'passport'] as const;
  const { privateJwk } = (await localOperator(test_.home))!;
  const reason = 'a message of the test';
  for (const service of consuming) {
    const { url } = test_.system.services[service];
    const operator = createDeadEventClient({ service, url, privateJwk });
    const dead = await eventually(async () => {
      const { deadEvents } = await operator.list();
      return deadEvents.some(({ type }) => type === null) && deadEvents;
    });
    for (const { id } of dead) {
      expect(await operator.discard({ id, by: 'ada', reason })).toEqual({ discarded: 1 });
      expect(await operator.discard({ id, by: 'bob', reason })).toEqual({ discarded: 0 });
      expect(await operator.replay(id)).toEqual({ replayed: 0, failed: 0 });
    }
    expect(await operator.list()).toEqual({ total: 0, deadEvents: [] });
    const kept = (await operator.list({ areDiscarded: true })).deadEvents;
    expect(kept.map(({ id }) => id).sort()).toEqual(dead.map(({ id }) => id).sort());
    for (const each of kept)
      expect(each).toMatchObject({ discardedBy: 'ada', discardReason: reason });
    await expect(operator.discard({ id: kept[0]!.id, by: 'ada', reason: '' })).rejects.toThrow(
      'reason must have 1–2000 characters.',
    );
  }
  const violations = await test_.violations();
  expect(violations.filter(({ check }) => check.includes('dead'))).toEqual([]);
});
