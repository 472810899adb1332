import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { createBackoff, pause, withDeadline, type Backoff } from '../backoff.ts';
import { createPace } from './kafka.pace.ts';
import type { SubscribeOptions, Subscription, TransportLog } from '../transport.ts';
import { createCommits, type Commits } from './kafka.commits.ts';
import { consumeBatch, type DeliverDeps } from './kafka.deliver.ts';
import type { PartitionLag } from './kafka.lag.ts';
import type { Places } from './kafka.places.ts';
import { createWatch, type Watch } from './kafka.watch.ts';

export type KafkaSubscriptionDeps = {
  kafka: Kafka;
  endFetches(): void;
  log: TransportLog;
  options: SubscribeOptions;
  prefix: string;
  sessionTimeoutMs: number;
  /** Lag per partition; topic names without prefix in, with prefix out. */
  lags(topics: string[]): Promise<PartitionLag[]>;
  /** For a reader whose places are kept here and not by the group. */
  places?: Places;
};

// All that one fetch brings, so that its messages can share a transaction; the inbox bounds what runs.
const partitionsAtOnce = 64;
const leaveDeadlineMs = 8_000;

/**
 * A group member that outlives its kafkajs consumer. A consumer of kafkajs ends for good when no
 * broker answers, and can fall silent without an error; in both cases this makes a new one.
 */
export function subscribeToKafka(deps: KafkaSubscriptionDeps): Subscription {
  const { log, options } = deps;
  const stopping = new AbortController();
  const joined = Promise.withResolvers<void>();
  const delays = new Map<string, Backoff>();
  const running = run();

  async function run(): Promise<void> {
    const backoff = createBackoff({ firstMs: 200, maxMs: 3_000 });
    while (!stopping.signal.aborted) {
      try {
        await live(() => {
          backoff.reset();
          joined.resolve();
        });
      } catch (err) {
        log.warn({ err, group: options.group }, 'a Kafka consumer ended; a new one is started');
        await pause(backoff.nextMs(), stopping.signal);
      }
    }
  }

  /** One kafkajs consumer from its start to its end. Throws when it ended by itself. */
  async function live(onJoined: () => void): Promise<void> {
    const consumer = deps.kafka.consumer(settingsOf(deps));
    const ended = Promise.withResolvers<void>();
    const onStop = () => ended.resolve();
    const watch = createWatch({ ...deps, onSilence: ended.reject });
    const commits = deps.places ?? createCommits(log);
    const pace = createPace(options.fetchEveryMs);
    stopping.signal.addEventListener('abort', onStop);
    observe(consumer, {
      onCrash: ended.reject,
      onSign: watch.sign,
      onJoin(assignment) {
        watch.joined(assignment);
        deps.places?.seek(consumer);
      },
      onJoined,
      // Before this member gives its partitions back: the next owner begins where it ended.
      onRebalance: () => void commits.flush(),
    });
    try {
      await deps.places?.begin();
      await consumer.connect();
      const topics = options.topics.map((name) => deps.prefix + name);
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch: (payload) => watch.working(deliver(payload, { commits, pace })),
      });
      if (stopping.signal.aborted) ended.resolve();
      watch.start();
      await ended.promise;
    } finally {
      watch.stop();
      stopping.signal.removeEventListener('abort', onStop);
      ended.promise.catch(() => undefined);
      await leave(consumer, { watch, commits });
    }
  }

  const deliver = (payload: EachBatchPayload, of: Pick<DeliverDeps, 'commits' | 'pace'>) =>
    consumeBatch(payload, {
      prefix: deps.prefix,
      onMessages: options.onMessages,
      heartbeatEveryMs: heartbeatMs(deps.sessionTimeoutMs),
      stopping: stopping.signal,
      delays,
      ...of,
      log,
    });

  async function leave(consumer: Consumer, of: { watch: Watch; commits: Commits }): Promise<void> {
    const leaving = async () => {
      await of.watch.idle();
      await of.commits.close();
      const left = consumer.disconnect();
      deps.endFetches();
      await left;
    };
    try {
      await withDeadline(leaveDeadlineMs, 'leaving the group', leaving());
    } catch (err) {
      log.warn({ err, group: options.group }, 'a Kafka consumer did not leave its group in time');
    }
  }

  return {
    joined: joined.promise,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const heartbeatMs = (sessionTimeoutMs: number) => Math.floor(sessionTimeoutMs / 4);

const settingsOf = ({ prefix, options, sessionTimeoutMs }: KafkaSubscriptionDeps) => ({
  groupId: prefix + options.group,
  sessionTimeout: sessionTimeoutMs,
  rebalanceTimeout: sessionTimeoutMs * 2,
  heartbeatInterval: heartbeatMs(sessionTimeoutMs),
  // An idle fetch returns after this long, and only then kafkajs sends a heartbeat and notices a rebalance. What
  // comes ends it at once; each fetch names all partitions and costs the broker and this process milliseconds.
  maxWaitTimeInMs: heartbeatMs(sessionTimeoutMs),
  allowAutoTopicCreation: false,
  // Restarting is done here, in one place, for every way in which a consumer can end.
  retry: {
    initialRetryTime: 100,
    maxRetryTime: 2_000,
    retries: 5,
    restartOnFailure: async () => false,
  },
});

type Observers = {
  onCrash(err: Error): void;
  onSign(): void;
  onJoin(assignment: Record<string, number[]>): void;
  onJoined(): void;
  onRebalance(): void;
};

function observe(consumer: Consumer, observers: Observers): void {
  const { CRASH, HEARTBEAT, FETCH, GROUP_JOIN, REBALANCING } = consumer.events;
  consumer.on(CRASH, ({ payload }) => observers.onCrash(payload.error));
  consumer.on(HEARTBEAT, observers.onSign);
  consumer.on(FETCH, observers.onSign);
  consumer.on(REBALANCING, observers.onRebalance);
  consumer.on(GROUP_JOIN, ({ payload }) => {
    observers.onJoin(payload.memberAssignment as Record<string, number[]>);
    observers.onJoined();
  });
}
