import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { holds } from '@onecount/testing';
import {
  createTransport,
  GroupInUseError,
  type Subscription,
  type Transport,
} from '../src/index.ts';
import {
  createInbox,
  each,
  message,
  modes,
  partitions,
  transportDriver,
  type Driver,
} from './transport-driver.ts';

/** An instant after every message that was written by now: they are timed by the millisecond. */
async function later(): Promise<Date> {
  const now = Date.now();
  await holds(() => expect(Date.now()).toBeGreaterThan(now + 1));
  return new Date();
}

const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe.each(modes)('transport contract on %s', (mode) => {
  let driver: Driver;
  let transport: Transport;
  const subscriptions: Subscription[] = [];

  beforeAll(async () => {
    driver = await transportDriver(mode);
    transport = await driver.open();
  });
  afterEach(async () => {
    await Promise.all(subscriptions.splice(0).map((member) => member.stop()));
  });
  afterAll(() => driver.close());

  async function subscribe(
    on: Transport,
    options: Parameters<Transport['subscribe']>[0],
  ): Promise<Subscription> {
    const subscription = await on.subscribe(options);
    subscriptions.push(subscription);
    await subscription.joined;
    return subscription;
  }

  it('says which mode it is', () => expect(transport.mode).toBe(mode));

  it('delivers everything, in the order of each key, with headers and without the prefix', async () => {
    const topic = await driver.freshTopic(transport);
    const inbox = createInbox();
    await subscribe(transport, {
      group: `order-${topic}`,
      topics: [topic],
      onMessages: inbox.onMessages,
    });
    for (let round = 0; round < 20; round += 1) {
      const batch = [0, 1].flatMap((half) =>
        keys.map((key) => message(topic, key, String(round * 2 + half))),
      );
      await transport.publish(batch);
    }
    await holds(() => expect(inbox.received).toHaveLength(320));
    const inOrder = Array.from({ length: 40 }, (_, n) => String(n));
    for (const key of keys) expect(inbox.valuesOf(key)).toEqual(inOrder);
    expect(inbox.received[0]).toMatchObject({ topic, headers: { 'content-type': 'text/plain' } });
  });

  it('gives a group that comes later everything from the beginning', async () => {
    const topic = await driver.freshTopic(transport);
    await transport.publish(keys.map((key) => message(topic, key, `early-${key}`)));
    const inbox = createInbox();
    await subscribe(transport, {
      group: `late-${topic}`,
      topics: [topic],
      onMessages: inbox.onMessages,
    });
    await holds(() => expect(inbox.received).toHaveLength(keys.length));
  });

  it('gives each group its own copy', async () => {
    const topic = await driver.freshTopic(transport);
    const inboxes = [createInbox(), createInbox()];
    for (const [n, { onMessages }] of inboxes.entries()) {
      await subscribe(transport, { group: `copy-${n}-${topic}`, topics: [topic], onMessages });
    }
    await transport.publish([message(topic, 'k', 'x')]);
    await holds(() => {
      expect(inboxes.map((inbox) => inbox.values())).toEqual([['x'], ['x']]);
    });
  });

  it('brings a message that was not taken again, before any later one of its key', async () => {
    const topic = await driver.freshTopic(transport);
    const seen: string[] = [];
    let failures = 2;
    await subscribe(transport, {
      group: `again-${topic}`,
      topics: [topic],
      onMessages: each(async ({ value }) => {
        seen.push(value);
        if (value === '1' && failures-- > 0) throw new Error('not now');
      }),
    });
    await transport.publish(['0', '1', '2'].map((value) => message(topic, 'k', value)));
    await holds(() => expect(seen).toEqual(['0', '1', '1', '1', '2']));
  });

  it('lets other partitions go on while a message of one fails', async () => {
    const topic = await driver.freshTopic(transport);
    const inbox = createInbox();
    let isBroken = true;
    await subscribe(transport, {
      group: `beside-${topic}`,
      topics: [topic],
      onMessages: each(async (m) => {
        if (m.key === 'bad' && isBroken) throw new Error('not yet');
        await inbox.onMessages([m]);
      }),
    });
    await transport.publish([message(topic, 'bad', 'bad')]);
    await transport.publish(keys.map((key) => message(topic, key, key)));
    await holds(() => expect(inbox.partitions().size).toBeGreaterThanOrEqual(2));
    expect(inbox.values()).not.toContain('bad');
    isBroken = false;
    await holds(() => expect(inbox.received).toHaveLength(keys.length + 1));
  });

  it('delivers again what a killed member had in work', async () => {
    const topic = await driver.freshTopic(transport);
    const group = `crash-${topic}`;
    await transport.publish(['0', '1', '2'].map((value) => message(topic, 'k', value)));
    const order = { config: { ...driver.address, clientId: 'crash' }, group, topic, crashOn: '1' };
    const member = spawn(
      process.execPath,
      [join(__dirname, 'crashing-member.ts'), JSON.stringify(order)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let printed = '';
    let warned = '';
    member.stdout.on('data', (data: Buffer) => void (printed += data.toString()));
    member.stderr.on('data', (data: Buffer) => void (warned += data.toString()));
    const [, signal] = (await once(member, 'close')) as [number | null, string];
    expect({ signal, effects: printed.trim().split('\n') }).toEqual({
      signal: 'SIGKILL',
      effects: ['0', '1'],
    });
    // Node says so, once a process, when kafkajs's timer loop is back (kafka.request-queue.ts).
    expect(warned).not.toContain('TimeoutNegativeWarning');
    const inbox = createInbox();
    await subscribe(transport, { group, topics: [topic], onMessages: inbox.onMessages });
    await holds(() => expect(inbox.values().slice(-2)).toEqual(['1', '2']));
  });

  it('splits the partitions between two members, and one takes over when the other leaves', async () => {
    const topic = await driver.freshTopic(transport);
    const group = `split-${topic}`;
    const other = await driver.open('other');
    const inboxes = [createInbox(), createInbox()] as const;
    await subscribe(transport, { group, topics: [topic], onMessages: inboxes[0].onMessages });
    const second = await subscribe(other, {
      group,
      topics: [topic],
      onMessages: inboxes[1].onMessages,
    });
    const many = Array.from({ length: 40 }, (_, n) => `key-${n}`);
    // Until the group has settled, one member may still have everything: publish until both got some.
    await holds(async () => {
      await transport.publish(many.map((key) => message(topic, key, 'both')));
      const halves = inboxes.map(({ received }) => {
        const recent = received.slice(-20).map(({ partition }) => partition);
        return new Set(recent).size;
      });
      expect(halves).toEqual([partitions / 2, partitions / 2]);
    });
    await second.stop();
    const before = inboxes[1].received.length;
    await transport.publish(many.map((key) => message(topic, key, 'alone')));
    await holds(() => {
      expect(inboxes[0].values().filter((value) => value === 'alone')).toHaveLength(many.length);
    });
    expect(inboxes[1].received).toHaveLength(before);
  });

  it('commits what is done when it stops: the next member goes on behind it', async () => {
    const topic = await driver.freshTopic(transport);
    const group = `stop-${topic}`;
    const first = createInbox();
    const member = await subscribe(transport, {
      group,
      topics: [topic],
      onMessages: first.onMessages,
    });
    await transport.publish([message(topic, 'k', 'old')]);
    await holds(() => expect(first.values()).toEqual(['old']));
    await member.stop();
    await transport.publish([message(topic, 'k', 'new')]);
    const second = createInbox();
    await subscribe(transport, { group, topics: [topic], onMessages: second.onMessages });
    await holds(() => expect(second.values()).toEqual(['new']));
    expect(first.values()).toEqual(['old']);
  });

  it('gives every tail what is published from its joining on, in the order of each key', async () => {
    const topic = await driver.freshTopic(transport);
    await transport.publish(keys.map((key) => message(topic, key, 'before')));
    const inboxes = [createInbox(), createInbox()] as const;
    for (const { onMessages } of inboxes) {
      const tail = await transport.tail({ name: 'tail', topics: [topic], onMessages });
      subscriptions.push(tail);
      await tail.joined;
    }
    const inOrder = Array.from({ length: 20 }, (_, n) => String(n));
    for (const value of inOrder)
      await transport.publish(keys.map((key) => message(topic, key, value)));
    await holds(() => {
      for (const { received } of inboxes) expect(received).toHaveLength(keys.length * 20);
    });
    for (const inbox of inboxes)
      for (const key of keys) expect(inbox.valuesOf(key)).toEqual(inOrder);
    expect(inboxes[0].received[0]).toMatchObject({ topic });
  });

  it('brings a tail again what it did not take, and then what came behind', async () => {
    const topic = await driver.freshTopic(transport);
    const seen: string[] = [];
    let failures = 2;
    const onMessages = each(async ({ value }) => {
      seen.push(value);
      if (value === '1' && failures-- > 0) throw new Error('not now');
    });
    const tail = await transport.tail({ name: 'tail', topics: [topic], onMessages });
    subscriptions.push(tail);
    await tail.joined;
    await transport.publish(['0', '1', '2'].map((value) => message(topic, 'k', value)));
    await holds(() => expect(seen).toEqual(['0', '1', '1', '1', '2']));
  });

  it('measures the lag of a group', async () => {
    const topic = await driver.freshTopic(transport);
    const group = `lag-${topic}`;
    const publish = () => transport.publish(keys.map((key) => message(topic, key, key)));
    await publish();
    // At least: a broker that has just made a topic may have kafkajs send a message twice.
    expect(await transport.lag(group, [topic])).toBeGreaterThanOrEqual(keys.length);
    const member = await subscribe(transport, {
      group,
      topics: [topic],
      onMessages: each(async () => {}),
    });
    await holds(async () => expect(await transport.lag(group, [topic])).toBe(0));
    await member.stop();
    await publish();
    await expect(transport.lag(group, [topic])).resolves.toBe(keys.length);
  });

  it('has a group without members begin again at an instant, and never further on', async () => {
    const topic = await driver.freshTopic(transport);
    const group = `rewind-${topic}`;
    const rewind = (since: Date, isDryRun = false) =>
      transport.rewind({ group, topics: [topic], since, isDryRun });
    const read = async (count: number) => {
      const inbox = createInbox();
      const member = await subscribe(transport, { group, topics: [topic], ...inbox });
      await holds(async () => {
        expect(inbox.received).toHaveLength(count);
        expect(await transport.lag(group, [topic])).toBe(0);
      });
      return { inbox, member };
    };
    await transport.publish([message(topic, 'k', 'early')]);
    const first = await read(1);
    const since = await later();
    await transport.publish(['0', '1'].map((value) => message(topic, 'k', value)));
    await holds(() => expect(first.inbox.values()).toEqual(['early', '0', '1']));
    await expect(rewind(since)).rejects.toThrow(GroupInUseError);
    await first.member.stop();

    expect(await rewind(since, true)).toEqual([{ topic, messages: 2 }]);
    expect(await transport.lag(group, [topic])).toBe(0);
    expect(await rewind(since)).toEqual([{ topic, messages: 2 }]);
    expect(await transport.lag(group, [topic])).toBe(2);
    expect(await rewind(await later())).toEqual([{ topic, messages: 0 }]);
    const second = await read(2);
    expect(second.inbox.values()).toEqual(['0', '1']);
    await second.member.stop();
    expect(await rewind(new Date(0))).toEqual([{ topic, messages: 3 }]);
    expect((await read(3)).inbox.values()).toEqual(['early', '0', '1']);
  });

  it('publishes a batch above one megabyte of one key in order', async () => {
    const topic = await driver.freshTopic(transport);
    const inbox = createInbox();
    const body = 'x'.repeat(100_000);
    await transport.publish(
      Array.from({ length: 30 }, (_, n) => message(topic, 'k', `${n} ${body}`)),
    );
    await subscribe(transport, {
      group: `big-${topic}`,
      topics: [topic],
      onMessages: inbox.onMessages,
    });
    await holds(() => expect(inbox.received).toHaveLength(30));
    expect(inbox.values().map((value) => parseInt(value, 10))).toEqual(
      Array.from({ length: 30 }, (_, n) => n),
    );
  });

  it('refuses to publish to a topic that does not exist', async () => {
    await expect(transport.publish([message('contract.nowhere', 'k', 'x')])).rejects.toThrow();
  });

  it('makes topics once, also when asked by many', async () => {
    const spec = { name: 'contract.once', partitions };
    await Promise.all(Array.from({ length: 4 }, () => transport.ensureTopics([spec])));
    await transport.publish([message('contract.once', 'k', 'x')]);
    await expect(transport.lag('contract.once', ['contract.once'])).resolves.toBe(1);
  });

  it('is healthy while the log answers, and not when it is gone', async () => {
    await expect(transport.health()).resolves.toBeUndefined();
    const nobody =
      mode === 'kafka'
        ? { brokers: ['127.0.0.1:1'] }
        : { eventLogUrl: 'postgres://u:p@127.0.0.1:1/x' };
    const lost = await createTransport({ ...nobody, clientId: 'lost', partitions });
    await expect(lost.health()).rejects.toThrow();
    await lost.close();
  });
});
