import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, ConfigResourceTypes } from 'kafkajs';
import pg from 'pg';
import { holds } from '@onecount/testing';
import { compactStatement } from '../src/embedded/event-log.sql.ts';
import { createInbox, message, transportDriver } from './transport-driver.ts';

it('makes a compacted topic on Kafka', async () => {
  const driver = await transportDriver('kafka');
  const transport = await driver.open();
  const plain = await driver.freshTopic(transport);
  const compacted = await driver.freshTopic(transport, true);
  const { brokers = [], topicPrefix = '' } = driver.address;
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const policyOf = async (name: string) => {
    const resource = { type: ConfigResourceTypes.TOPIC, name: topicPrefix + name };
    const { resources } = await admin.describeConfigs({
      resources: [resource],
      includeSynonyms: false,
    });
    return resources[0]?.configEntries.find((entry) => entry.configName === 'cleanup.policy')
      ?.configValue;
  };
  expect([await policyOf(plain), await policyOf(compacted)]).toEqual(['delete', 'compact']);
  await admin.disconnect();
  await driver.close();
});

it('keeps only the newest record of a key in a compacted topic of the embedded log', async () => {
  const driver = await transportDriver('embedded');
  const transport = await driver.open();
  const plain = await driver.freshTopic(transport);
  const compacted = await driver.freshTopic(transport, true);
  for (const topic of [plain, compacted]) {
    await transport.publish(['1', '2', '3'].map((value) => message(topic, 'k', value)));
  }
  const client = new pg.Client({ connectionString: driver.address.eventLogUrl });
  await client.connect();
  await client.query({ ...compactStatement, values: [0] });
  await client.end();
  const inbox = createInbox();
  const group = randomUUID();
  await transport.subscribe({ group, topics: [plain, compacted], onMessages: inbox.onMessages });
  await holds(async () => expect(await transport.lag(group, [plain, compacted])).toBe(0));
  const valuesOf = (topic: string) =>
    inbox.received.filter((m) => m.topic === topic).map(({ value }) => value);
  expect({ plain: valuesOf(plain), compacted: valuesOf(compacted) }).toEqual({
    plain: ['1', '2', '3'],
    compacted: ['3'],
  });
  await driver.close();
});
