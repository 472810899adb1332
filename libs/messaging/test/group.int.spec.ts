import { randomUUID } from 'node:crypto';
import { toMessage, type DomainEvent } from '@onecount/events';
import { deadLetterMessage } from '../src/dead-event.ts';
import { handlerOfGroups, type EventHandler, type ReceivedMessage } from '../src/index.ts';
import { createDelivery } from '../src/inbox.deliver.ts';
import { silentLog } from '../src/transport.ts';
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

let database: MessagingDatabase;
beforeAll(async () => {
  database = await messagingDatabase();
});
beforeEach(() => database.rows('TRUNCATE outbox, inbox, dead_event, effect, aggregate'));
afterAll(() => database.stop());

const deliveryTo = (...handlers: EventHandler[]) =>
  createDelivery({
    ...{ db: database.db, group: 'test', handlers, attemptsMax: 2, log: silentLog },
    deadLetter: (message, of) => deadLetterMessage(database.db, { message, ...of }),
  });

const onPartition = (partition: number, ...events: DomainEvent[]): ReceivedMessage[] =>
  events.map((event, index) => ({ ...toMessage(event), partition, offset: String(index) }));

/** How many transactions wrote the marks of these events. */
async function transactionsOf(events: DomainEvent[]): Promise<number> {
  const ids = events.map(({ id }) => id);
  const text = 'SELECT DISTINCT xmin::text FROM inbox WHERE event_id = ANY ($1)';
  return (await database.rows(text, [ids])).length;
}
const dead = () => database.rows('SELECT consumer, reason, attempts FROM dead_event');
const applied = async () => (await collected(database)).map(({ sequence }) => sequence);

it('what partitions bring at the same time is one transaction, and its hooks run once', async () => {
  const events = [1, 2, 3, 4].map((n) => repairEvent(randomUUID(), n));
  let woken = 0;
  const wake = () => void (woken += 1);
  const { handle, ...handler } = effectHandler();
  const deliver = deliveryTo({
    ...handler,
    async handle(tx, event) {
      tx.afterCommit(wake);
      await handle(tx, event as never);
    },
  });
  const done = await Promise.all([
    deliver(onPartition(0, events[0]!, events[1]!)),
    deliver(onPartition(1, events[2]!)),
    deliver(onPartition(2, events[3]!)),
  ]);
  expect({ done, transactions: await transactionsOf(events), woken }).toEqual({
    done: [2, 1, 1],
    transactions: 1,
    woken: 1,
  });
  expect((await applied()).sort()).toEqual([1, 2, 3, 4]);
});

it('tenants never share a transaction', async () => {
  const events = [repairEvent(randomUUID(), 1), repairEvent(randomUUID(), 2, tenantB)];
  await expect(deliveryTo(effectHandler())(onPartition(0, ...events))).resolves.toBe(2);
  expect(await transactionsOf(events)).toBe(2);
  const tenants = (await collected(database)).map(({ tenant_id }) => tenant_id);
  expect(tenants.sort()).toEqual([tenantA, tenantB]);
});

it('two events of one row and a duplicate in one group: each once, in their order', async () => {
  const id = randomUUID();
  const [first, second] = [repairEvent(id, 1), repairEvent(id, 2)];
  const deliver = deliveryTo({
    ...effectHandler(),
    async handle(tx, event) {
      const [row] = await tx.query<{ version: number }>(bump, [tx.tenantId, id]);
      expect(row!.version).toBe(event.sequence);
    },
  });
  await expect(deliver(onPartition(0, first, second, first))).resolves.toBe(3);
  await expect(deliver(onPartition(0, second))).resolves.toBe(1);
  expect(await database.rows('SELECT version::int FROM aggregate')).toEqual([{ version: 2 }]);
});

it('a poison event splits its group: what is before it and in other partitions is applied with it tried once', async () => {
  const events = [1, 2, 3, 4].map((n) => repairEvent(randomUUID(), n));
  const tried: number[] = [];
  const deliver = deliveryTo(
    effectHandler('strict', ({ sequence }) => {
      tried.push(sequence);
      if (sequence === 2) throw new Error('cannot read this');
    }),
  );
  const head = onPartition(0, ...events.slice(0, 3));
  const done = await Promise.all([deliver(head), deliver(onPartition(1, events[3]!))]);
  expect(done).toEqual([1, 1]);
  expect((await applied()).sort()).toEqual([1, 4]);
  expect(tried.filter((n) => n === 2)).toHaveLength(1);
  // The second and last attempt, by itself; what is behind it goes on without it.
  await expect(deliver(head.slice(1))).resolves.toBe(2);
  expect((await applied()).sort()).toEqual([1, 3, 4]);
  expect(await dead()).toEqual([
    { consumer: 'strict', reason: 'Error: cannot read this', attempts: 2 },
  ]);
});

it('a failure that is caused by a neighbour kills nobody but its cause', async () => {
  const events = [1, 2, 3].map((n) => repairEvent(randomUUID(), n));
  const { handle, ...handler } = effectHandler();
  const deliver = deliveryTo({
    ...handler,
    async handle(tx, event) {
      // Its own failure is swallowed, so that the transaction is broken for the next.
      if (event.sequence === 1) await tx.query('SELECT 1/0').catch(() => undefined);
      await handle(tx, event as never);
    },
  });
  const messages = onPartition(0, ...events);
  let at = 0;
  while (at < messages.length) at += await deliver(messages.slice(at));
  expect((await applied()).sort()).toEqual([2, 3]);
  expect(await dead()).toHaveLength(1);
});

it('a deadlock is no attempt: the whole group goes again', async () => {
  const events = [1, 2, 3].map((n) => repairEvent(randomUUID(), n));
  const tried: number[] = [];
  const deliver = deliveryTo(
    effectHandler('unlucky', ({ sequence }) => {
      tried.push(sequence);
      if (tried.length === 2) throw Object.assign(new Error('deadlock'), { code: '40P01' });
    }),
  );
  await expect(deliver(onPartition(0, ...events))).resolves.toBe(3);
  expect({ tries: tried.length, transactions: await transactionsOf(events) }).toEqual({
    tries: 5,
    transactions: 1,
  });
  expect((await applied()).sort()).toEqual([1, 2, 3]);
});

it('a lost connection hands back the group as it is, and counts no attempt', async () => {
  const events = [1, 2, 3].map((n) => repairEvent(randomUUID(), n));
  let cuts = 3;
  const { handle, ...handler } = effectHandler();
  const deliver = deliveryTo({
    ...handler,
    async handle(tx, event) {
      await handle(tx, event as never);
      if (event.sequence !== 2 || cuts-- <= 0) return;
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    },
  });
  const messages = onPartition(0, ...events);
  for (let cut = 0; cut < 3; cut += 1) await expect(deliver(messages)).rejects.toThrow();
  expect(await applied()).toEqual([]);
  await expect(deliver(messages)).resolves.toBe(3);
  expect((await applied()).sort()).toEqual([1, 2, 3]);
  expect(await dead()).toEqual([]);
});

it('rows that events do not name are locked for all of them in one order', async () => {
  const events = [3, 1, 2].map((n) => repairEvent(randomUUID(), n));
  const locked: number[][] = [];
  const deliver = deliveryTo({
    ...effectHandler(),
    lock: async (_tx, list) => void locked.push(list.map(({ sequence }) => sequence)),
  });
  await deliver(onPartition(0, ...events));
  await deliver(onPartition(0, repairEvent(randomUUID(), 4)));
  const byKey = events.toSorted((a, b) => (a.aggregateId < b.aggregateId ? -1 : 1));
  expect(locked).toEqual([byKey.map(({ sequence }) => sequence)]);
});

it('a handler whose events go alone has a transaction for each, in their place among the others', async () => {
  const id = randomUUID();
  const events = [1, 2, 3].map((n) => repairEvent(id, n));
  const deliver = deliveryTo({ ...effectHandler('alone'), isAlone: true });
  await expect(deliver(onPartition(0, ...events))).resolves.toBe(3);
  expect(await transactionsOf(events)).toBe(3);
  expect(await applied()).toEqual([1, 2, 3]);
});

it('a handler of groups takes in one go what a group has for it, each key in its order; a poison event leaves it', async () => {
  const id = randomUUID();
  const events = [repairEvent(id, 1), repairEvent(id, 2), repairEvent(randomUUID(), 3)];
  const poison = repairEvent(randomUUID(), 4);
  const taken: number[][] = [];
  const { handle, ...handler } = effectHandler('set');
  const deliver = deliveryTo(
    handlerOfGroups({
      ...handler,
      async handleAll(tx, list) {
        taken.push(list.map(({ sequence }) => sequence));
        for (const event of list) await handle(tx, event);
        if (list.some(({ sequence }) => sequence === 4)) throw new Error('cannot read this');
      },
    }),
  );
  await expect(deliver(onPartition(0, ...events, events[0]!))).resolves.toBe(4);
  expect(taken).toHaveLength(1);
  expect(taken[0]!.filter((n) => n !== 3)).toEqual([1, 2]);
  expect(await transactionsOf(events)).toBe(1);
  const [before, after] = [5, 6].map((n) => repairEvent(randomUUID(), n)) as [
    DomainEvent,
    DomainEvent,
  ];
  const messages = onPartition(0, before, poison, after);
  await expect(deliver(messages)).resolves.toBe(1);
  await expect(deliver(messages.slice(1))).resolves.toBe(2);
  expect((await applied()).sort()).toEqual([1, 2, 3, 5, 6]);
  expect(await dead()).toEqual([
    { consumer: 'set', reason: 'Error: cannot read this', attempts: 2 },
  ]);
});

it('what concerns nobody is not even parsed: it is done, and leaves no mark', async () => {
  const event = repairEvent(randomUUID(), 1);
  const [message] = onPartition(0, event) as [ReceivedMessage];
  const asked: string[] = [];
  const deliver = deliveryTo({
    ...effectHandler(),
    mayConcern(body) {
      asked.push(body);
      return body.includes('"repairId"');
    },
  });
  const strange = { ...message, headers: { ...message.headers, ce_type: 'strange.type' } };
  await expect(deliver([{ ...message, value: 'no JSON' }, strange])).resolves.toBe(2);
  expect(asked).toEqual(['no JSON']);
  expect(await database.rows('SELECT FROM inbox')).toHaveLength(0);
  expect(await dead()).toEqual([]);
  await expect(deliver([message])).resolves.toBe(1);
  expect(await applied()).toEqual([1]);
});
