import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { keyOf, toMessage } from '@onecount/events';
import { holds } from '@onecount/testing';
import {
  appendEvents,
  createInboxConsumer,
  createOutboxRelay,
  type EventHandler,
  type InboxConsumer,
  type OutboxRelay,
  type Transport,
} from '../src/index.ts';
import { deadLetterMessage } from '../src/dead-event.ts';
import { inboxDuplicate } from '../src/messaging.metrics.ts';
import {
  bump,
  collected,
  effectHandler,
  messagingDatabase,
  repairEvent,
  tenantA,
  tenantB,
  type MessagingDatabase,
} from './fixture.ts';
import { modes, transportDriver, type Driver } from './transport-driver.ts';

describe.each(modes)('outbox to inbox over %s', (mode) => {
  let driver: Driver;
  let transport: Transport;
  let database: MessagingDatabase;
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    driver = await transportDriver(mode);
    transport = await driver.open();
    database = await messagingDatabase(30);
  });
  beforeEach(() => database.rows('TRUNCATE outbox, inbox, dead_event, effect, aggregate'));
  afterEach(async () => {
    for (const each of running.splice(0)) await each.stop();
  });
  afterAll(async () => {
    await driver?.close();
    await database?.stop();
  });

  function relay(on: Transport = transport, pollMs?: number): OutboxRelay {
    const polls = pollMs === undefined ? {} : { pollMs };
    const made = createOutboxRelay({
      db: database.db,
      transport: on,
      service: 'workshop',
      ...polls,
    });
    made.start();
    running.unshift(made);
    return made;
  }
  async function consumer(handlers: EventHandler[], group = randomUUID()): Promise<InboxConsumer> {
    const made = createInboxConsumer({ db: database.db, transport, group, handlers });
    made.start();
    running.unshift(made);
    await made.joined();
    return made;
  }
  const append = (...events: ReturnType<typeof repairEvent>[]) =>
    database.db.inTransaction(events[0]!.tenantId, (tx) => appendEvents(tx, events));
  const unpublished = async () =>
    (await database.rows('SELECT FROM outbox WHERE published_at IS NULL')).length;
  const duplicates = async () => (await inboxDuplicate.get()).values[0]?.value ?? 0;
  // The topic is shared by the tests of this file: only what this test appended counts.
  const effectsOf = async (ids: readonly string[]) =>
    (await collected(database)).filter(({ aggregate_id }) => ids.includes(aggregate_id));

  it('an event beyond the limits of the log arrives whole, in its order', async () => {
    const id = randomUUID();
    const ticketNumber = Array.from({ length: 200_000 }, (_, at) => `Größe ${at} 💍`).join(' ');
    const large = repairEvent(id, 2);
    const texts: string[] = [];
    const hear = effectHandler('test.large', (event) => {
      texts.push((event.data as { ticketNumber: string }).ticketNumber);
    });
    await consumer([{ ...hear, mayConcern: (body) => body.includes('"ticketNumber"') }]);
    relay();
    const events = [repairEvent(id, 1), { ...large, data: { ...large.data, ticketNumber } }];
    await append(...events, repairEvent(id, 3));
    await holds(async () => expect(await effectsOf([id])).toHaveLength(3));
    expect((await effectsOf([id])).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(Buffer.byteLength(ticketNumber)).toBeGreaterThan(3_500_000);
    expect(texts).toEqual(['R-1', ticketNumber, 'R-1']);
  });

  it('24 writers at once: no event is lost, none is applied twice, and each key keeps its order', async () => {
    const aggregates = Array.from({ length: 12 }, () => randomUUID());
    await consumer([effectHandler()]);
    relay();
    const write = async (writer: number) => {
      for (let round = 0; round < 25; round += 1) {
        const id = aggregates[(writer + round) % aggregates.length]!;
        await database.db.inTransaction(tenantA, async (tx) => {
          const [row] = await tx.query<{ version: number }>(bump, [tenantA, id]);
          await appendEvents(tx, [repairEvent(id, row!.version)]);
        });
      }
    };
    await Promise.all(Array.from({ length: 24 }, (_, writer) => write(writer)));
    await holds(async () => expect(await effectsOf(aggregates)).toHaveLength(600));
    const effects = await effectsOf(aggregates);
    for (const id of aggregates) {
      const sequences = effects.filter((e) => e.aggregate_id === id).map((e) => e.sequence);
      expect(sequences).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    }
    expect(await unpublished()).toBe(0);
  });

  it('applies a duplicate once per consumer, each under the tenant of its event', async () => {
    const ids = [randomUUID(), randomUUID()] as const;
    const events = [repairEvent(ids[0], 1), repairEvent(ids[1], 1, tenantB)];
    await consumer([effectHandler('first'), effectHandler('second')]);
    await transport.ensureTopics([{ name: events[0]!.topic }]);
    const messages = events.map(toMessage);
    for (let n = 0; n < 3; n += 1) await transport.publish(messages);
    await append(repairEvent(ids[0], 2));
    relay();
    await holds(async () => expect(await effectsOf(ids)).toHaveLength(6));
    const applied = (await effectsOf(ids)).map(
      (e) => `${e.tenant_id === tenantA ? 'A' : 'B'} ${e.consumer} ${e.sequence}`,
    );
    expect(applied.sort()).toEqual([
      ...['A first 1', 'A first 2', 'A second 1', 'A second 2', 'B first 1', 'B second 1'],
    ]);
  });

  it('a crash between publish and mark publishes again; the effect stays one', async () => {
    const id = randomUUID();
    await consumer([effectHandler()]);
    // What the crash leaves: published, and the mark lost.
    await append(repairEvent(id, 1));
    const first = relay();
    await holds(async () => expect(await unpublished()).toBe(0));
    await first.stop();
    await database.rows('UPDATE outbox SET published_at = NULL');
    await append(repairEvent(id, 2));
    relay();
    await holds(async () => expect(await effectsOf([id])).toHaveLength(2));
    expect(await unpublished()).toBe(0);
    expect((await effectsOf([id])).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('a crash between the effect and the commit of its offset brings the event again; the effect stays one', async () => {
    const id = randomUUID();
    const group = randomUUID();
    const events = [repairEvent(id, 1), repairEvent(id, 2)];
    await transport.ensureTopics([{ name: events[0]!.topic }]);
    await transport.publish(events.map(toMessage));
    const order = { config: { ...driver.address, clientId: 'crash' }, group };
    const program = join(__dirname, 'crashing-consumer.ts');
    const dying = spawn(
      process.execPath,
      [program, JSON.stringify({ ...order, url: database.url, crashOn: id })],
      { stdio: 'inherit' },
    );
    const [, signal] = (await once(dying, 'close')) as [number | null, string];
    const before = await effectsOf([id]);
    expect({ signal, isApplied: before.length > 0 }).toEqual({
      signal: 'SIGKILL',
      isApplied: true,
    });
    // Nothing was committed: the group begins where it began.
    const known = await duplicates();
    await consumer([effectHandler()], group);
    await holds(async () => expect(await effectsOf([id])).toHaveLength(2));
    await holds(async () => {
      const repeated = (await duplicates()) - known;
      expect(repeated).toBeGreaterThanOrEqual(before.length);
    });
    expect((await effectsOf([id])).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('a poison event becomes a dead event, holds up nothing, and is applied after the fix', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    let isBroken = true;
    const attempts: number[] = [];
    const inbox = await consumer([
      effectHandler('poisoned', (event) => {
        if (event.aggregateId !== bad || !isBroken) return;
        attempts.push(event.sequence);
        throw new Error('cannot read this');
      }),
      effectHandler('healthy'),
    ]);
    await append(repairEvent(bad, 1), repairEvent(good, 1), repairEvent(good, 2));
    relay();
    await holds(async () => expect(await effectsOf([bad, good])).toHaveLength(5));
    expect(attempts).toEqual([1, 1, 1, 1, 1]);
    const dead = await database.rows('SELECT consumer, key, reason, attempts FROM dead_event');
    expect(dead).toEqual([
      {
        ...{ consumer: 'poisoned', key: keyOf({ tenantId: tenantA, aggregateId: bad }) },
        ...{ reason: 'Error: cannot read this', attempts: 5 },
      },
    ]);
    expect(await inbox.deadCount()).toBe(1);
    expect(await inbox.replayDead()).toEqual({ replayed: 0, failed: 1 });
    isBroken = false;
    expect(await inbox.replayDead()).toEqual({ replayed: 1, failed: 0 });
    expect(await inbox.replayDead()).toEqual({ replayed: 0, failed: 0 });
    expect(await inbox.deadCount()).toBe(0);
    const effects = await effectsOf([bad]);
    expect(effects.map((e) => e.consumer).sort()).toEqual(['healthy', 'poisoned']);
  });

  it('a dead event that was put away stays so when it is delivered again', async () => {
    const id = randomUUID();
    const inbox = await consumer([
      effectHandler('never', (event) => {
        if (event.aggregateId === id) throw new Error('never');
      }),
    ]);
    const event = repairEvent(id, 1);
    await transport.publish([toMessage(event)]);
    await holds(async () => expect(await inbox.deadCount()).toBe(1));
    const [dead] = await inbox.deadEvents({ max: 10, areDiscarded: false });
    expect(await inbox.discardDead({ id: dead!.id, by: 'ada', reason: 'of a test' })).toBe(true);
    expect(await inbox.discardDead({ id: dead!.id, by: 'bob', reason: 'again' })).toBe(false);
    await transport.publish([toMessage(event)]);
    const seen = () => inbox.deadEvents({ max: 10, areDiscarded: true });
    await holds(async () => expect((await seen())[0]?.attempts).toBe(10));
    expect(await seen()).toMatchObject([{ discardedBy: 'ada', discardReason: 'of a test' }]);
    expect(await inbox.deadCount()).toBe(0);
    expect(await inbox.replayDead()).toEqual({ replayed: 0, failed: 0 });
  });

  it('contention is no fault of the event: it is tried for longer than a failure', async () => {
    const id = randomUUID();
    let left = 6;
    await consumer([
      effectHandler('contended', (event) => {
        if (event.aggregateId !== id || left === 0) return;
        left -= 1;
        throw Object.assign(new Error('canceling statement due to lock timeout'), {
          code: '55P03',
        });
      }),
    ]);
    await append(repairEvent(id, 1));
    relay();
    await holds(async () => expect(await effectsOf([id])).toHaveLength(1));
    expect(left).toBe(0);
    const key = keyOf({ tenantId: tenantA, aggregateId: id });
    expect(await database.rows('SELECT FROM dead_event WHERE key = $1', [key])).toEqual([]);
  });

  it('an invalid message becomes a dead event, also when its tenant cannot be read', async () => {
    const id = randomUUID();
    await consumer([effectHandler('strict')]);
    const sound = toMessage(repairEvent(id, 1));
    const { ce_tenantid: _tenant, ...headers } = sound.headers;
    await transport.ensureTopics([{ name: sound.topic }]);
    await transport.publish([
      { ...sound, value: '{"repairId":7}' },
      { ...sound, headers: { ...headers, ce_id: randomUUID() } },
      toMessage(repairEvent(id, 2)),
    ]);
    await holds(async () => expect(await effectsOf([id])).toHaveLength(1));
    const text = 'SELECT tenant_id, reason FROM dead_event ORDER BY died_at';
    await holds(async () =>
      expect(await database.rows(text)).toEqual([
        {
          tenant_id: tenantA,
          reason: expect.stringContaining('data.repairId must be string, got 7'),
        },
        {
          tenant_id: '00000000-0000-0000-0000-000000000000',
          reason: expect.stringContaining('ce_tenantid is missing'),
        },
      ]),
    );
  });

  it('an event that breaks its schema stays in the outbox with its reason; the others leave', async () => {
    const id = randomUUID();
    await consumer([effectHandler()]);
    await database.rows(
      `INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
       VALUES ($1, 'workshop.repair-changed', $2, 1, '{"repairId": "no id"}')`,
      [tenantA, id],
    );
    await append(repairEvent(id, 2));
    relay();
    await holds(async () => expect(await effectsOf([id])).toHaveLength(1));
    const kept = await database.rows('SELECT refused_reason FROM outbox WHERE sequence = 1');
    expect(kept[0].refused_reason).toContain('data.repairId must match format "uuid"');
  });

  it('a stored function may fill the outbox by itself', async () => {
    const { aggregateId, data } = repairEvent(randomUUID(), 1);
    await consumer([effectHandler()]);
    relay();
    await database.rows(
      `INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
       VALUES ($1, 'workshop.repair-changed', $2, 1, $3)`,
      [tenantA, aggregateId, JSON.stringify(data)],
    );
    await holds(async () => expect(await effectsOf([aggregateId])).toHaveLength(1));
  });

  it('one relay at a time; the next takes over when it stops', async () => {
    const ids = [randomUUID(), randomUUID()];
    await consumer([effectHandler()]);
    const first = relay();
    relay(await driver.open('second'));
    await append(repairEvent(ids[0]!, 1));
    await holds(async () => expect(await effectsOf(ids)).toHaveLength(1));
    await first.stop();
    await append(repairEvent(ids[1]!, 1));
    await holds(async () => expect(await effectsOf(ids)).toHaveLength(2));
    const published = await database.rows('SELECT FROM outbox WHERE published_at IS NOT NULL');
    expect(published).toHaveLength(2);
  });

  it('what another replica commits is published at once, without a poll', async () => {
    const { aggregateId, data } = repairEvent(randomUUID(), 1);
    const never = 3_600_000;
    relay(transport, never);
    await append(repairEvent(randomUUID(), 1));
    await holds(async () => expect(await unpublished()).toBe(0));
    const standby = relay(await driver.open('standby'), never);
    await database.rows(
      `INSERT INTO outbox (tenant_id, type, aggregate_id, sequence, data)
       VALUES ($1, 'workshop.repair-changed', $2, 1, $3)`,
      [tenantA, aggregateId, JSON.stringify(data)],
    );
    // Only the relay of the replica that wrote is woken; the other one leads.
    standby.wake();
    await holds(async () => expect(await unpublished()).toBe(0));
  });

  it('commits that follow each other closely leave together', async () => {
    let batches = 0;
    const counting: Transport = {
      ...transport,
      async publish(messages) {
        batches += 1;
        await transport.publish(messages);
      },
    };
    relay(counting);
    const startedAt = Date.now();
    for (let n = 1; n <= 60; n += 1) await append(repairEvent(randomUUID(), n));
    await holds(async () => expect(await unpublished()).toBe(0));
    expect(batches).toBeLessThanOrEqual(Math.ceil((Date.now() - startedAt) / 40) + 1);
  });

  it('goes on after every database connection was cut, and counts no attempt for it', async () => {
    const ids = Array.from({ length: 40 }, () => randomUUID());
    await consumer([effectHandler()]);
    relay();
    for (const [n, id] of ids.entries()) {
      if (n % 10 === 5) {
        await database.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'test messaging%'`,
        );
      }
      await holds(() => append(repairEvent(id, 1)));
    }
    await holds(async () => {
      const reached = new Set((await effectsOf(ids)).map((e) => e.aggregate_id));
      expect(reached.size).toBe(ids.length);
    });
    const keys = ids.map((aggregateId) => keyOf({ tenantId: tenantA, aggregateId }));
    const dead = await database.rows('SELECT reason FROM dead_event WHERE key = ANY ($1)', [keys]);
    expect(dead).toEqual([]);
    expect(await unpublished()).toBe(0);
  });

  it('a broken log is waited for: nothing is lost and nothing is marked', async () => {
    const id = randomUUID();
    let isBroken = true;
    let tries = 0;
    const shaky: Transport = {
      ...transport,
      async publish(messages) {
        tries += 1;
        if (isBroken) throw new Error('no broker');
        await transport.publish(messages);
      },
    };
    await consumer([effectHandler()]);
    await append(repairEvent(id, 1));
    relay(shaky);
    await holds(() => expect(tries).toBeGreaterThanOrEqual(3));
    // Three tries take at least 80 + 160 ms of back-off: no busy loop.
    expect(await unpublished()).toBe(1);
    isBroken = false;
    await holds(async () => expect(await effectsOf([id])).toHaveLength(1));
    expect(await unpublished()).toBe(0);
  });

  it('flush returns once everything is published', async () => {
    const ids = Array.from({ length: 50 }, () => randomUUID());
    const made = relay();
    await append(repairEvent(randomUUID(), 1));
    await holds(async () => expect(await unpublished()).toBe(0));
    await append(...ids.map((id) => repairEvent(id, 1)));
    await made.flush();
    expect(await unpublished()).toBe(0);
  });

  it('purges what was published more than seven days ago, and nothing else', async () => {
    await append(
      repairEvent(randomUUID(), 1),
      repairEvent(randomUUID(), 2),
      repairEvent(randomUUID(), 3),
    );
    await database.rows(
      `UPDATE outbox SET occurred_at = now() - interval '8 days',
         published_at = CASE WHEN sequence = 1 THEN now() - interval '8 days'
                             WHEN sequence = 2 THEN now() - interval '6 days' END`,
    );
    relay();
    await holds(async () => {
      const left = await database.rows('SELECT sequence::int FROM outbox ORDER BY position');
      expect(left).toEqual([{ sequence: 2 }, { sequence: 3 }]);
    });
  });
});

it('events of another tenant than the transaction are refused, and nothing is written', async () => {
  const database = await messagingDatabase();
  const stranger = repairEvent(randomUUID(), 1, tenantB);
  const writing = database.db.inTransaction(tenantA, (tx) => appendEvents(tx, [stranger]));
  await expect(writing).rejects.toThrow('belongs to another tenant');
  expect(await database.rows('SELECT FROM outbox')).toHaveLength(0);
  await database.stop();
});

it('a message that PostgreSQL cannot keep as it is, is kept all the same, and once', async () => {
  const database = await messagingDatabase();
  const headers = { ce_id: 'x'.repeat(9_000), ce_tenantid: tenantA, note: 'a\0b' };
  const message = {
    topic: 't',
    key: 'k\0',
    headers,
    value: '{"a":"\0"',
    partition: 0,
    offset: '1',
  };
  const letter = { message, consumer: 'strict', reason: new Error('not\0JSON'), attempts: 1 };
  for (const _ of [1, 2]) await deadLetterMessage(database.db, letter);
  expect(await database.rows('SELECT key, value, reason, attempts FROM dead_event')).toEqual([
    { key: 'k\ufffd', value: '{"a":"\ufffd"', reason: 'Error: not\ufffdJSON', attempts: 2 },
  ]);
  await database.stop();
});
