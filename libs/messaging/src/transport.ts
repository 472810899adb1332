import type { EventMessage } from '@onecount/events';
import type { KafkaSecurity } from './kafka/kafka.security.ts';

export type TransportMessage = EventMessage;

/** A message with its place in the log. Topic names are without the prefix, on every side. */
export type ReceivedMessage = TransportMessage & { partition: number; offset: string };

/** Without `partitions` the configured number. */
export type TopicSpec = { name: string; compacted?: boolean; partitions?: number };

export const messagesPerDelivery = 32;

/** Fetches that bring something are at least this far apart: what comes meanwhile comes together. */
export const fetchEveryMs = 40;
/** The same while there is always something (kafka.pace.ts). */
export const fetchEveryMsBusy = 100;
// A crash brings again what half a second or this many messages took at most; the inbox knows them.
export const commitEveryMs = 500;
export const commitEveryMessages = 500;

export type SubscribeOptions = {
  group: string;
  topics: string[];
  /** How far apart fetches of Kafka are; without it `fetchEveryMs`, or `fetchEveryMsBusy` while there is always something. */
  fetchEveryMs?: number | undefined;
  /**
   * At most `messagesPerDelivery` messages of one partition, in order; partitions side by side. Answers how many
   * of them are done, from the first on: the rest comes again after a back-off, before any later one of the
   * partition. Throwing means none.
   */
  onMessages(messages: ReceivedMessage[]): Promise<number>;
};

/** `name` is how the log's operators see the reader. `onMessages` as above. */
export type TailOptions = { name: string } & Pick<SubscribeOptions, 'topics' | 'onMessages'>;

export type Subscription = {
  /** Resolves once this member has joined its group for the first time. */
  readonly joined: Promise<void>;
  /** Waits for the messages in work, commits their offsets and leaves the group. */
  stop(): Promise<void>;
};

export type RewindOptions = {
  group: string;
  topics: string[];
  since: Date;
  /** Only says what would come again. */
  isDryRun: boolean;
};

/** At most so many messages of the topic come again: what was compacted away is among them. */
export type Rewound = { topic: string; messages: number };

/** Whoever is in a group goes on from where he is and would commit over its new places. */
export class GroupInUseError extends Error {
  override readonly name = 'GroupInUseError';
}

/**
 * What Onecount needs of a log. At least once, in order per key; the offset is committed some time after
 * onMessages, so that a crash brings again what was done last. One contract suite (test/transport.contract.ts) runs against every implementation.
 */
export type Transport = {
  readonly mode: 'kafka' | 'embedded';
  /** Creates what is missing; changes nothing that exists. */
  ensureTopics(topics: TopicSpec[]): Promise<void>;
  /** Resolves when every message is acknowledged by all in-sync replicas. Keeps array order per key. */
  publish(messages: TransportMessage[]): Promise<void>;
  /** Keeps itself alive: a lost broker is waited for with back-off, a silent stop is noticed. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /**
   * Everything that is published from `joined` on, to every process that asks: for what each shows of the present.
   * Its places live in this process: a lost broker costs nothing of it, a new process begins at the end.
   */
  tail(options: TailOptions): Promise<Subscription>;
  /** Messages of these topics that the group has not committed. */
  lag(group: string, topics: string[]): Promise<number>;
  /**
   * Has a group without members begin again at the first message that was written at `since` or later, in each
   * partition in which it is beyond; never forward. Throws GroupInUseError, unless it is a dry run.
   */
  rewind(options: RewindOptions): Promise<Rewound[]>;
  /** Throws when the log does not answer. */
  health(): Promise<void>;
  close(): Promise<void>;
};

/** The log will never accept this message: too large, or a topic that does not exist and is not made. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
}

export type TransportLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type TransportConfig = {
  brokers?: string[] | undefined;
  security?: KafkaSecurity | undefined;
  eventLogUrl?: string | undefined;
  clientId: string;
  /** Put before every topic and group name, so that tests can share one broker. */
  topicPrefix?: string | undefined;
  partitions: number;
  log?: TransportLog;
  /** How long a silent group member keeps its partitions. */
  sessionTimeoutMs?: number;
};

export const silentLog: TransportLog = { info: () => {}, warn: () => {}, error: () => {} };
