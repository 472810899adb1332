import { randomUUID } from 'node:crypto';
import { toMessage } from '@onecount/events';
import { sample } from '@onecount/testing';
import fc from 'fast-check';
import { deadLetterMessage } from '../src/dead-event.ts';
import type { ReceivedMessage } from '../src/index.ts';
import { createDelivery } from '../src/inbox.deliver.ts';
import { silentLog } from '../src/transport.ts';
import {
  effectHandler,
  messagingDatabase,
  repairEvent,
  tenantA,
  tenantB,
  type MessagingDatabase,
} from './fixture.ts';

// Random logs of three partitions with duplicates, old events that come again later, events that always
// fail, fail once or break their schema, delivered side by side in groups of random size, with progress that is forgotten as
// by a crash. Whatever happens, every consumer ends with what the model says, in the order of each key.

const partitions = 3;
const keysPerPartition = 2;
const attemptsMax = 3;

type Kind = 'sound' | 'poison' | 'flaky' | 'invalid';
type Step = { key: number; kind: Kind };
type Log = { steps: Step[]; again: number[]; sizes: number[]; forgets: boolean[] };

const step = fc.record({
  key: fc.nat(keysPerPartition - 1),
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Kind>('sound') },
    { weight: 1, arbitrary: fc.constantFrom<Kind>('poison', 'flaky', 'invalid') },
  ),
});
const log = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  again: fc.array(fc.nat(11), { maxLength: 4 }),
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
  forgets: fc.array(fc.boolean(), { maxLength: 4 }),
});
const logs = fc.array(log, { minLength: partitions, maxLength: partitions });

type Known = { kind: Kind; id: string; key: string; sequence: number };
type Partition = { known: Known[]; messages: ReceivedMessage[] } & Pick<Log, 'sizes' | 'forgets'>;

function partitionOf({ steps, again, sizes, forgets }: Log, partition: number): Partition {
  const keys = Array.from({ length: keysPerPartition }, () => randomUUID());
  const known: Known[] = [];
  const first = steps.map(({ key, kind }, index) => {
    const event = repairEvent(keys[key]!, index + 1, key % 2 ? tenantB : tenantA);
    known.push({ kind, id: event.id, key: keys[key]!, sequence: index + 1 });
    const message = toMessage(event);
    return kind === 'invalid' ? { ...message, value: '{"repairId":7}' } : message;
  });
  const repeated = again.map((index) => first[index % first.length]!);
  const messages = [...first, ...repeated].map((message, offset) => ({
    ...{ ...message, partition, offset: String(offset) },
  }));
  return { known, messages, sizes, forgets };
}

/** What a transport does: from where the last commit was, in order, and again after a crash. */
async function drive(
  { messages, sizes, forgets }: Partition,
  deliver: (messages: ReceivedMessage[]) => Promise<number>,
): Promise<void> {
  let committed = 0;
  let at = 0;
  for (let turn = 0; at < messages.length; turn += 1) {
    at += await deliver(messages.slice(at, at + sizes[turn % sizes.length]!));
    if (forgets[turn]) at = committed;
    else committed = at;
  }
}

let database: MessagingDatabase;
beforeAll(async () => {
  database = await messagingDatabase();
});
afterAll(() => database.stop());

async function run(shape: Log[]): Promise<void> {
  const all = shape.map(partitionOf);
  const kinds = new Map(all.flatMap(({ known }) => known).map(({ id, kind }) => [id, kind]));
  const failedOnce = new Set<string>();
  const strict = effectHandler('strict', ({ id }) => {
    const kind = kinds.get(id);
    if (kind === 'poison' || (kind === 'flaky' && !failedOnce.has(id))) {
      failedOnce.add(id);
      throw new Error(`${kind}`);
    }
  });
  const deliver = createDelivery({
    ...{ db: database.db, group: 'model', handlers: [strict, effectHandler('easy')], attemptsMax },
    deadLetter: (message, of) => deadLetterMessage(database.db, { message, ...of }),
    log: silentLog,
  });
  await Promise.all(all.map((partition) => drive(partition, deliver)));
  for (const { known } of all) {
    expect(await observed(known)).toEqual(expected(known));
  }
}

const namesOf = (list: Known[]) => list.map(({ key, sequence }) => `${key} ${sequence}`);
const byKey = (a: string, b: string) =>
  a.slice(0, 36) < b.slice(0, 36) ? -1 : Number(a.slice(0, 36) > b.slice(0, 36));

function expected(known: Known[]) {
  const takenBy = (refused: Kind[]) =>
    namesOf(known.filter(({ kind }) => !refused.includes(kind))).sort(byKey);
  const deadOf = (fatal: Kind[]) =>
    known.filter(({ kind }) => fatal.includes(kind)).map(({ id }) => id);
  return {
    strict: takenBy(['poison', 'invalid']),
    easy: takenBy(['invalid']),
    dead: [
      ...deadOf(['poison', 'invalid']).map((id) => `strict ${id}`),
      ...deadOf(['invalid']).map((id) => `easy ${id}`),
    ].sort(),
  };
}

async function observed(known: Known[]) {
  const keys = [...new Set(known.map(({ key }) => key))];
  const effects = await database.rows(
    `SELECT consumer, aggregate_id || ' ' || sequence AS name FROM effect
     WHERE aggregate_id = ANY ($1) ORDER BY place`,
    [keys],
  );
  const dead = await database.rows(
    `SELECT consumer || ' ' || event_id AS name FROM dead_event WHERE event_id = ANY ($1)`,
    [known.map(({ id }) => id)],
  );
  // A stable sort by key alone: within a key the order of the effects stays as it was observed.
  const of = (name: string) =>
    effects
      .filter(({ consumer }) => consumer === name)
      .map((row) => row.name as string)
      .sort(byKey);
  return {
    strict: of('strict'),
    easy: of('easy'),
    dead: dead.map((row) => row.name as string).sort(),
  };
}

it('every consumer ends with each event once and in order, whatever was delivered how often', async () => {
  await fc.assert(fc.asyncProperty(logs, run), sample({ runs: 60, full: 600 }));
});
