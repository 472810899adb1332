import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Transport, TransportConfig } from '@onecount/messaging';
import { checkJava, kafkaJars } from '../kafka/kafka.jars.ts';
import { startKafka, type Kafka } from '../kafka/kafka.ts';
import { StackError } from '../stack.errors.ts';

// A log that recovers on a busy machine refuses for minutes; this bounds one that never comes.
const topicsWithinMs = 600_000;
const groupsWithinMs = 60_000;

export type EventLogChoice = 'auto' | 'kafka' | 'embedded';

export type EventLog = {
  mode: 'kafka' | 'embedded';
  /** One plain line: which log serves and why. */
  reason: string;
  brokers: string[];
  /** Set when this process runs the broker. */
  broker?: Kafka;
  env: Record<string, string>;
};

type Options = {
  choice: EventLogChoice;
  brokers?: string[];
  dataDir: string;
  port: number;
  /** Resolves to the embedded log's database; asked for only when it serves. */
  eventLogUrl: () => Promise<string>;
  say: (line: string) => void;
  onLost: () => void;
};

function answers(broker: string): Promise<boolean> {
  const [host, port] = broker.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host: host!, port: Number(port ?? 9092), timeout: 30_000 });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

async function externalLog(brokers: string[]): Promise<EventLog> {
  const reachable = await Promise.all(brokers.map(answers));
  if (!reachable.includes(true)) {
    throw new StackError(`KAFKA_BROKERS: no broker answers at ${brokers.join(', ')}.`);
  }
  const reason = 'Kafka at KAFKA_BROKERS';
  return { mode: 'kafka', reason, brokers, env: { KAFKA_BROKERS: brokers.join(',') } };
}

async function localKafka({ dataDir, port, say, onLost }: Options): Promise<EventLog> {
  say(`Kafka on port ${port}`);
  const broker = await startKafka({ dataDir, port, log: say, onLost });
  return {
    mode: 'kafka',
    reason: 'Apache Kafka on the local JVM (KAFKA_BROKERS is not set)',
    brokers: broker.brokers,
    broker,
    env: { KAFKA_BROKERS: broker.brokers.join(',') },
  };
}

async function embeddedLog(options: Options, why: string): Promise<EventLog> {
  return {
    mode: 'embedded',
    reason: `embedded event log in PostgreSQL, because ${why}`,
    brokers: [],
    env: { EVENT_LOG_URL: await options.eventLogUrl() },
  };
}

// What is missing to run Kafka at all (Java, Maven, the jars) is a reason to go on without it; a broker
// that has data and does not start is not: its events would be missing from the other log.
async function reasonAgainstKafka(): Promise<string | undefined> {
  try {
    await checkJava();
    await kafkaJars();
    return undefined;
  } catch (err) {
    if (err instanceof StackError) return err.message;
    throw err;
  }
}

/** KAFKA_BROKERS, else Kafka on the local JVM, else the embedded log. */
export async function openEventLog(options: Options): Promise<EventLog> {
  if (options.choice === 'embedded') return embeddedLog(options, 'it was asked for');
  if (options.brokers) return externalLog(options.brokers);
  if (options.choice === 'kafka') return localKafka(options);
  const missing = await reasonAgainstKafka();
  return missing ? embeddedLog(options, missing) : localKafka(options);
}

async function untilItServes(work: () => Promise<void>): Promise<void> {
  const endsAt = Date.now() + topicsWithinMs;
  for (;;) {
    try {
      return await work();
    } catch (err) {
      if (Date.now() > endsAt) throw err;
      await delay(200);
    }
  }
}

// A broker makes its topic of offsets when a group first asks. Services that join meanwhile retry and
// log it; asking once here keeps a first start short and its log quiet.
async function waitForGroups(transport: Transport, topic: string): Promise<void> {
  const endsAt = Date.now() + groupsWithinMs;
  while (Date.now() < endsAt) {
    try {
      await transport.lag('onecount-start', [topic]);
      return;
    } catch {
      await delay(100);
    }
  }
}

/** Makes the topics that are missing, so that no service starts with errors about them. */
export async function ensureTopics(log: EventLog, env: Record<string, string>): Promise<void> {
  const { topics } = await import('@onecount/events');
  const { createTransport, transportRefusal } = await import('@onecount/messaging');
  const settings = await settingsOf({ ...env, ...log.env });
  // A wrong password never comes right by waiting.
  const refusal = settings.security && (await transportRefusal(settings));
  if (refusal) throw new StackError(`KAFKA_BROKERS: the brokers accept nobody so: ${refusal}`);
  const transport = await createTransport(settings);
  try {
    const wanted = Object.values(topics).map(({ name, compacted }) => ({ name, compacted }));
    await untilItServes(() => transport.ensureTopics(wanted));
    await waitForGroups(transport, wanted[0]!.name);
  } finally {
    await transport.close();
  }
}

/** As a service reads them. */
async function settingsOf(env: Record<string, string>): Promise<TransportConfig> {
  const { eventLogEnv, loadConfig } = await import('@onecount/config');
  const { transportSettings } = await import('@onecount/messaging');
  const { z } = await import('zod');
  const config = loadConfig(z.object(eventLogEnv), { NODE_ENV: 'development', ...env });
  return { ...transportSettings(config), clientId: 'onecount-start' };
}
