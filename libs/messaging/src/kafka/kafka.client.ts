import { Kafka, logLevel, type ISocketFactory, type LogEntry } from 'kafkajs';
import type { TransportConfig, TransportLog } from '../transport.ts';
import { mendRequestQueue } from './kafka.request-queue.ts';
import { securityOptions } from './kafka.security.ts';

/** The client with the settings that kafkajs 2.2.4 needs to notice that something is wrong. */
export function createKafkaClient(
  config: TransportConfig & { brokers: string[] },
  log: TransportLog,
  socketFactory?: ISocketFactory,
): Kafka {
  mendRequestQueue();
  return new Kafka({
    clientId: config.clientId,
    brokers: config.brokers,
    ...(config.security && securityOptions(config.security)),
    ...(socketFactory && { socketFactory }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    // Off by default: a request whose answer is lost would wait for ever.
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(log, entry),
  });
}

// Said once per group join or broker change while kafkajs is already trying again: not errors to us.
const expected =
  /group coordinator is not available|coordinator is not aware of this member|group is rebalancing|does not host this topic-partition|There is no leader/i;

function forward(log: TransportLog, { level, namespace, log: entry }: LogEntry): void {
  const { message, error, groupId, broker, topic } = entry;
  const fields = { kafka: namespace, error, groupId, broker, topic };
  const isExpected = expected.test(`${message} ${String(error ?? '')}`);
  if (level === logLevel.ERROR && !isExpected) log.warn(fields, message);
  else log.info(fields, message);
}
