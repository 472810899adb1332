import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@onecount/testing';
import { relayLockKey, type ReceivedMessage, type TransportMessage } from '@onecount/messaging';
import pg from 'pg';
import { createDeadEventClient } from '../../dead-events/client.ts';
import { verifiedServices, type VerifiedService } from '../../verify/sources.ts';
import { consumedTopics } from '../../verify/topics.ts';
import type { CampaignSystem } from '../campaign-system.ts';
import type { Fault } from '../fault.ts';

const againMax = 30;

const asSent = ({ topic, key, headers, value }: ReceivedMessage): TransportMessage => ({
  ...{ topic, key, headers, value },
});
const poisonKey = 'campaign/poison-';
const newest = ({ eventLog }: CampaignSystem) =>
  eventLog
    .known()
    .slice(-againMax)
    .filter(({ key }) => !key.startsWith(poisonKey));

/** Nobody publishes for a while: the relay's session is taken from it, and its lock with it. */
const late: Fault = {
  name: 'events are late',
  async strike({ system, random, struck }) {
    const service = random.pick(verifiedServices);
    const { database } = system.test.system.databases[service]!;
    const client = new pg.Client({
      connectionString: system.test.system.postgres.adminUrl(database),
    });
    await client.connect();
    try {
      const lock = client.query('SELECT pg_advisory_lock($1)', [relayLockKey]);
      await system.sources.rows(
        service,
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::bigint << 32 | objid::bigint) = $1`,
        [relayLockKey],
      );
      await lock;
      struck(`${service} publishes nothing`);
      await delay(random.below(500));
    } finally {
      await client.end();
    }
  },
};

const doubled: Fault = {
  name: 'events are doubled',
  async strike({ system, struck }) {
    const messages = newest(system).map(asSent);
    await system.test.transport.publish(messages);
    struck(`${messages.length} messages come again`);
  },
};

const reordered: Fault = {
  name: 'events come again in reverse',
  async strike({ system, struck }) {
    const messages = newest(system).toReversed().map(asSent);
    await system.test.transport.publish(messages);
    struck(`${messages.length} messages come again in reverse`);
  },
};

/** Nobody can read it; each that has a handler for it must give it up for itself, and go on. */
const poisoned: Fault = {
  name: 'an event is poisoned',
  async strike({ system, random, struck }) {
    const sound = random.pick(newest(system));
    const { topic } = sound;
    const id = randomUUID();
    const headers = { ...sound.headers, ce_id: id };
    // The second name is what workshop and passport look for before they read.
    await system.test.transport.publish([
      { topic, key: poisonKey + id, headers, value: '{"saleId": 7, "serialUnitId"' },
    ]);
    struck(`a poisoned ${topic}`);
    const readers = verifiedServices.filter((each) => consumedTopics[each].includes(topic));
    return async () => {
      for (const service of readers) await putAway(system, { service, topic, id });
    };
  },
};

type Poison = { service: VerifiedService; topic: string; id: string };

/** As the operator, once the service is past it: who has a handler for it has given it up, who has none has skipped it. */
async function putAway(system: CampaignSystem, { service, topic, id }: Poison): Promise<void> {
  const { url } = system.test.system.services[service];
  const client = createDeadEventClient({ service, url, privateJwk: system.operatorKey });
  const { transport } = system.test;
  await eventually(async () => (await transport.lag(`onecount-${service}`, [topic])) === 0);
  // Asked until it answers: another fault may have killed the service.
  await eventually(async () => {
    const dead = (await client.list()).deadEvents.filter(({ eventId }) => eventId === id);
    for (const each of dead)
      await client.discard({ id: each.id, by: 'campaign', reason: 'poisoned on purpose' });
    return true;
  });
}

export const events = [late, doubled, reordered, poisoned];
