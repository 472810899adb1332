import {
  KafkaJSConnectionError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
} from 'kafkajs';
import { isBrokerAway } from './kafka.outage.ts';

const refused = new KafkaJSConnectionError('Connection error: connect ECONNREFUSED', {
  code: 'ECONNREFUSED',
});
const untrusted = new KafkaJSConnectionError('Connection error: self-signed certificate');
const gaveUp = (err: Error) =>
  new KafkaJSNumberOfRetriesExceeded(err, { retryCount: 5, retryTime: 1 });
const named = (name: string) => Object.assign(new Error('said by kafkajs'), { name });
const protocol = (type: string) =>
  new KafkaJSProtocolError({ ...new Error(type), message: type, type, code: 1 } as never);

test.each([refused, gaveUp(refused), named('KafkaJSBrokerNotFound')])(
  '%s: no broker is there',
  (err) => expect(isBrokerAway({ err }, 'lost', false)).toBe(true),
);

const unled = gaveUp(protocol('LEADER_NOT_AVAILABLE'));
test.each([unled, named('DeadlineError')])('%s belongs to an outage that is known', (err) =>
  expect([true, false].map((isKnown) => isBrokerAway({ err }, 'lost', isKnown))).toEqual([
    true,
    false,
  ]),
);

const socket = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
test.each([untrusted, gaveUp(untrusted), socket, new Error('a bug'), undefined])(
  '%s is never an outage of Kafka',
  (err) => expect(isBrokerAway({ err }, 'failed', true)).toBe(false),
);

test.each([
  ['Connection error: connect ECONNREFUSED 127.0.0.1:9092', undefined, [true, true]],
  ['Failed to connect to seed broker: Closed connection', undefined, [true, true]],
  ['Response GroupCoordinator(key: 10)', 'The group coordinator is not available', [true, false]],
  ['Connection error: self-signed certificate', undefined, [false, false]],
])('the line of kafkajs "%s" (%s), in a known outage and without: %j', (message, error, isAway) =>
  expect(
    [true, false].map((isKnown) => isBrokerAway({ kafka: 'Connection', error }, message, isKnown)),
  ).toEqual(isAway),
);
