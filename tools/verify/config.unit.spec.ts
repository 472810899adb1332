import { subgraphs } from '@onecount/local-stack';
import { verifyConfig } from './config.ts';

const shared = 'postgresql://root:x@db.example/postgres';
const own = 'postgresql://root:x@catalog.example/postgres';

test('the servers are those of the settings, one for all services that have none of their own', () => {
  const { postgresUrls } = verifyConfig({ POSTGRES_URL: shared, CATALOG_POSTGRES_URL: own });
  const expected = subgraphs.map((name) => [name, name === 'catalog' ? own : shared]);
  expect(postgresUrls).toEqual(Object.fromEntries(expected));
});

test('a server that is missing leaves all to the system of this home', () => {
  const { postgresUrls, eventLog } = verifyConfig({ CATALOG_POSTGRES_URL: own });
  expect([postgresUrls, eventLog]).toEqual([undefined, undefined]);
});

test('the event log is reached as a service reaches it', () => {
  const login = { KAFKA_SASL_USERNAME: 'till', KAFKA_SASL_PASSWORD: 'x' };
  const given = { KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', ...login };
  expect(verifyConfig({ ...given, KAFKA_TLS: 'true', TOPIC_PREFIX: 'p.' }).eventLog).toMatchObject({
    brokers: ['a:1'],
    topicPrefix: 'p.',
    security: {
      tls: {},
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'till', password: 'x' },
    },
  });
  expect(() => verifyConfig({ ...given, KAFKA_SASL_PASSWORD: '' })).toThrow(
    /^KAFKA_SASL_PASSWORD: is required/,
  );
});
